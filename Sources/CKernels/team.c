#include "team.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

// About 50 us of pauses on a processor of 3 GHz: the gap between two passes is shorter.
enum { SPINS = 1200 };
// The gap between two plans is longer. A lane that parks there may wake on the processor of the lane that wakes it and share
// it for milliseconds, until the system moves one of the two; so it only yields for so long first.
enum { YIELD_NANOSECONDS = 3000000 };
enum { STACK_BYTES = 2 << 20 };

struct fk_team {
  atomic_int lanes;
  int spins;
  void (*body)(void *, int);
  void *context;
  pthread_t *threads;
  _Alignas(64) atomic_long claimed;
  _Alignas(64) atomic_int arrived;
  _Alignas(64) atomic_uint generation;
  atomic_int sleepers;
  atomic_int stop;
  atomic_int left;
};

typedef struct {
  fk_team *team;
  int lane;
} member;

// Sets the thread's floating-point control word and returns the one before.
static uint64_t set_control(uint64_t control) {
#if defined(__x86_64__)
  uint64_t before = _mm_getcsr();
  _mm_setcsr((unsigned)control);
#elif defined(__aarch64__)
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" ::"r"(control));
#else
  uint64_t before = control;
#endif
  return before;
}

static uint64_t flush_denormals(void) {
  uint64_t before = set_control(0);
#if defined(__x86_64__)
  set_control(before | 0x8040);  // flush to zero, denormals are zero
#elif defined(__aarch64__)
  set_control(before | 1u << 24);
#endif
  return before;
}

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

long fk_team_claim(fk_team *team, long units) {
  if (atomic_load_explicit(&team->left, memory_order_relaxed)) return -1;
  long unit = atomic_fetch_add_explicit(&team->claimed, 1, memory_order_relaxed);
  return unit < units ? unit : -1;
}

void fk_team_leave(fk_team *team, int leaves) { atomic_store(&team->left, leaves); }

int fk_team_is_left(fk_team *team) { return atomic_load(&team->left); }

void fk_team_barrier(fk_team *team) {
  unsigned generation = atomic_load(&team->generation);
  if (atomic_fetch_add(&team->arrived, 1) + 1 == atomic_load_explicit(&team->lanes, memory_order_relaxed)) {
    atomic_store(&team->arrived, 0);
    atomic_store(&team->claimed, 0);
    atomic_store(&team->generation, generation + 1);
    if (atomic_load(&team->sleepers) > 0) syscall(SYS_futex, &team->generation, FUTEX_WAKE_PRIVATE, 1 << 30, 0, 0, 0);
    return;
  }
  for (int i = 0; i < team->spins; i++) {
    if (atomic_load_explicit(&team->generation, memory_order_acquire) != generation) return;
    pause_briefly();
  }
  if (team->spins > 1) {
    const int64_t end = nanoseconds() + YIELD_NANOSECONDS;
    do {
      if (atomic_load_explicit(&team->generation, memory_order_acquire) != generation) return;
      sched_yield();
    } while (nanoseconds() < end);
  }
  atomic_fetch_add(&team->sleepers, 1);
  while (atomic_load(&team->generation) == generation)
    syscall(SYS_futex, &team->generation, FUTEX_WAIT_PRIVATE, generation, 0, 0, 0);
  atomic_fetch_sub(&team->sleepers, 1);
}

static void *work(void *argument) {
  member self = *(member *)argument;
  free(argument);
  flush_denormals();
  for (;;) {
    fk_team_barrier(self.team);
    if (atomic_load(&self.team->stop)) return NULL;
    self.team->body(self.team->context, self.lane);
    fk_team_barrier(self.team);
  }
}

fk_team *fk_team_create(int lanes) {
  fk_team *team = aligned_alloc(64, (sizeof(fk_team) + 63) / 64 * 64);
  if (!team) return NULL;
  memset(team, 0, sizeof(fk_team));
  // More lanes than processors: a spinning lane would only keep a working one from running.
  team->spins = lanes <= sysconf(_SC_NPROCESSORS_ONLN) ? SPINS : 1;
  team->threads = calloc((size_t)lanes, sizeof(pthread_t));
  if (!team->threads) {
    free(team);
    return NULL;
  }
  // Whatever the limit on the program's own stack.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  // Those that have started wait at the first barrier, where one is missing until there are as many as will be.
  atomic_store(&team->lanes, lanes);
  int ready = 1;
  for (; ready < lanes; ready++) {
    member *self = malloc(sizeof(member));
    if (!self) break;
    *self = (member){team, ready};
    if (pthread_create(&team->threads[ready], &attributes, work, self) != 0) {
      free(self);
      break;
    }
  }
  pthread_attr_destroy(&attributes);
  atomic_store(&team->lanes, ready);
  return team;
}

int fk_team_lanes(fk_team *team) { return atomic_load(&team->lanes); }

void fk_team_destroy(fk_team *team) {
  atomic_store(&team->stop, 1);
  if (team->lanes > 1) fk_team_barrier(team);
  for (int i = 1; i < team->lanes; i++) pthread_join(team->threads[i], NULL);
  free(team->threads);
  free(team);
}

void fk_team_run(fk_team *team, void (*body)(void *, int), void *context) {
  uint64_t control = flush_denormals();
  atomic_store(&team->claimed, 0);
  team->body = body;
  team->context = context;
  if (team->lanes > 1) fk_team_barrier(team);
  body(context, 0);
  if (team->lanes > 1) fk_team_barrier(team);
  set_control(control);  // the caller's thread is its own again
}
