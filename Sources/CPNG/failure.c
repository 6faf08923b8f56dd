#include <stdlib.h>
#include <string.h>

#include "state.h"

void cpng_fail(png_structp png, png_const_charp message) {
  cpng_failure *failure = png_get_error_ptr(png);
  if (failure->status == CPNG_OK) failure->status = CPNG_DAMAGED;
  strncpy(failure->error, message ? message : "unknown error", CPNG_ERROR_BYTES - 1);
  failure->error[CPNG_ERROR_BYTES - 1] = 0;
  png_longjmp(png, 1);
}

void cpng_ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

void cpng_free(void *memory) { free(memory); }
