"""scratchnet: a neural network from scratch, in NumPy. One concept a file; README.md says in which order to read."""

from .activations import ACTIVATIONS
from .backpropagation import Backward, backpropagate
from .datasets import DATASETS, Dataset, load_dataset, spec_of
from .decision import Decision, decision_of
from .experiment import Experiment
from .expressions import read_expression
from .features import FEATURES, apply_features
from .gradient_check import GradientCheck, gradient_check, total_loss
from .idle import why_idle
from .initializers import INITIALIZERS
from .losses import LOSSES
from .maps import UnitCurves, UnitMaps, answer_pixels, pixel_meanings
from .metrics import (
    accuracy,
    accuracy_counts,
    confusion_matrix,
    f1,
    mae,
    mse,
    precision,
    precision_and_recall,
    r2,
    recall,
    residuals,
    rmse,
)
from .network import Forward, Network
from .neuron import Neuron
from .optimizers import OPTIMIZERS, SGD, Adadelta, Adagrad, Adam, AdamW, NAdam, RMSProp
from .planes import Plane, plane_of, principal_plane, principal_plane_of, slice_at
from .points import Points
from .run import Evaluation, History, Run
from .scaling import SCALINGS
from .schedules import SCHEDULES
from .settings import LIVE_SETTINGS
from .task import defaults_for, unusual
from .trainer import Step, Trainer

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FEATURES",
    "INITIALIZERS",
    "LIVE_SETTINGS",
    "LOSSES",
    "OPTIMIZERS",
    "SCALINGS",
    "SCHEDULES",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Backward",
    "Dataset",
    "Decision",
    "Evaluation",
    "Experiment",
    "Forward",
    "GradientCheck",
    "History",
    "NAdam",
    "Network",
    "Neuron",
    "Plane",
    "Points",
    "RMSProp",
    "Run",
    "Step",
    "Trainer",
    "UnitCurves",
    "UnitMaps",
    "accuracy",
    "accuracy_counts",
    "answer_pixels",
    "apply_features",
    "backpropagate",
    "confusion_matrix",
    "decision_of",
    "defaults_for",
    "f1",
    "gradient_check",
    "load_dataset",
    "mae",
    "mse",
    "pixel_meanings",
    "plane_of",
    "precision",
    "precision_and_recall",
    "principal_plane",
    "principal_plane_of",
    "r2",
    "read_expression",
    "recall",
    "residuals",
    "rmse",
    "slice_at",
    "spec_of",
    "total_loss",
    "unusual",
    "why_idle",
]
