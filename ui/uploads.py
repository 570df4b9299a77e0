"""Uploads: a visitor's file. Streamlit would keep it as long as the visit goes on; here it is taken and forgotten."""

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def taken(file: UploadedFile) -> bytes:
    """The bytes of an uploaded file, which the server then no longer holds by itself."""
    data = file.getvalue()
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file.file_id)
    return data
