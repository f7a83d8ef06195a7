from tests.requests.case_files.conftest import clean_folder

__all__ = ["clean_folder"]
