// FK_PICK(f, arguments...) calls the clone of f for this processor.

#if defined(__x86_64__)
#define FK_PICK(name, ...)                          \
  switch (fk_cpu_level()) {                         \
    case 2: name##_v4(__VA_ARGS__); return;         \
    case 1: name##_v3(__VA_ARGS__); return;         \
    default: name##_default(__VA_ARGS__); return;   \
  }
#else
#define FK_PICK(name, ...) name##_default(__VA_ARGS__);
#endif
