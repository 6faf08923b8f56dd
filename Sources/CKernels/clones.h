// Compiles the file FK_BODY three times, for plain x86-64 (or any other processor), AVX2 and AVX-512, and names each
// function FK_NAME(f): f_default, f_v3, f_v4. fk_cpu_level() says at run time which one to call.
// FK_LEVEL is 0, 1 or 2 inside the body.

#define FK_JOIN_(a, b) a##_##b
#define FK_JOIN(a, b) FK_JOIN_(a, b)
#define FK_NAME(f) FK_JOIN(f, FK_SUFFIX)

#define FK_LEVEL 0
#define FK_SUFFIX default
#include FK_BODY
#undef FK_LEVEL
#undef FK_SUFFIX

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define FK_LEVEL 1
#define FK_SUFFIX v3
#include FK_BODY
#undef FK_LEVEL
#undef FK_SUFFIX
#pragma clang attribute pop

// Without min_vector_width clang splits 64-byte vectors in two: half the machine's peak.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define FK_LEVEL 2
#define FK_SUFFIX v4
#include FK_BODY
#undef FK_LEVEL
#undef FK_SUFFIX
#pragma clang attribute pop

#endif
