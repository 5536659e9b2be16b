"""What languages write otherwise than Django has it, one package a language (FORMAT_MODULE_PATH)."""
