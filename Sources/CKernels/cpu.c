#define _GNU_SOURCE
#include "CKernels.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
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

double fk_idle_seconds(void) {
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return -1;
  const int file = open("/proc/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  // A line for all processors together, then one for each.
  char text[64 << 10];
  ssize_t count = 0, some;
  while (count < (ssize_t)sizeof text - 1 && (some = read(file, text + count, sizeof text - 1 - (size_t)count)) > 0) count += some;
  close(file);
  text[count] = 0;
  unsigned long long idle = 0;
  int found = 0;
  for (const char *line = text; line && strncmp(line, "cpu", 3) == 0; line = (line = strchr(line, '\n')) ? line + 1 : NULL) {
    int processor;
    unsigned long long ticks, waiting;
    if (sscanf(line, "cpu%d %*u %*u %*u %llu %llu", &processor, &ticks, &waiting) != 3 || line[3] == ' ') continue;
    if (processor < 0 || processor >= CPU_SETSIZE || !CPU_ISSET(processor, &mask)) continue;
    idle += ticks + waiting;
    found++;
  }
  if (found > 0) return (double)idle / (double)sysconf(_SC_CLK_TCK);
#endif
  return -1;
}
