// FK_PICK(f, arguments...) calls the clone of f for this processor.

#if defined(__x86_64__)
#define FK_PICK(name, ...)                          \
  switch (fk_cpu_level()) {                         \
    case 2: return name##_v4(__VA_ARGS__);        \
    case 1: return name##_v3(__VA_ARGS__);        \
    default: return name##_default(__VA_ARGS__);  \
  }
#else
#define FK_PICK(name, ...) return name##_default(__VA_ARGS__);
#endif
