// What a libpng call shares with the callbacks that libpng makes. It lives outside the function that calls setjmp, so
// its members keep their values across a longjmp.

#ifndef CPNG_STATE_H
#define CPNG_STATE_H

#include <png.h>

#include "CPNG.h"

typedef struct {
  cpng_status status;  // what a failure is, if a callback knows better than "damaged"
  char *error;
} cpng_failure;

// libpng's error callbacks: note the text and jump; ignore warnings.
_Noreturn void cpng_fail(png_structp png, png_const_charp message);
void cpng_ignore(png_structp png, png_const_charp message);

#endif
