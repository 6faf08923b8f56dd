#define _GNU_SOURCE
#include "CKernels.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int detect(void) {
  int level = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) level = 1;
  if (level == 1 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd"))
    level = 2;
#endif
  const char *wanted = getenv("FADEIN_CPU");
  if (wanted && strcmp(wanted, "default") == 0) return 0;
  if (wanted && strcmp(wanted, "v3") == 0 && level > 1) return 1;
  return level;
}

ptrdiff_t fk_cpu_level(void) {
  static int level = -1;  // a race here is harmless: every thread finds the same value
  int known = __atomic_load_n(&level, __ATOMIC_RELAXED);
  if (known < 0) {
    known = detect();
    __atomic_store_n(&level, known, __ATOMIC_RELAXED);
  }
  return known;
}

ptrdiff_t fk_processor_count(void) {
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0 && CPU_COUNT(&mask) > 0) return CPU_COUNT(&mask);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? online : 1;
}
