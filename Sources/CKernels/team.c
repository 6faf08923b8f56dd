#include "CKernels.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
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

typedef struct {
  _Alignas(64) atomic_uint started;  // runs that it took part in, the one under way among them
  atomic_int parked;
  int64_t lost;  // of its last run, nanoseconds in which it could have worked and other threads had its processor
  fk_team *team;
  pthread_t thread;
} member;

struct fk_team {
  int lanes, processors;
  atomic_int active;  // lanes of the run under way
  void (*body)(void *, int);
  void *context;
  member *members;
  _Alignas(64) atomic_long claimed;
  _Alignas(64) atomic_int arrived;
  _Alignas(64) atomic_uint generation;
  atomic_int sleepers;
  atomic_int stop;
  atomic_int left;
};

// Nanoseconds that this thread has slept at barriers.
static _Thread_local int64_t slept;

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

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// Waits, awake for some milliseconds, until `word` is no longer `value`.
static bool wait_awake(atomic_uint *word, unsigned value, bool crowded) {
  for (int i = 0; i < (crowded ? 1 : SPINS); i++) {
    if (atomic_load_explicit(word, memory_order_acquire) != value) return true;
    pause_briefly();
  }
  if (crowded) return false;
  const int64_t end = nanoseconds(CLOCK_MONOTONIC) + YIELD_NANOSECONDS;
  do {
    if (atomic_load_explicit(word, memory_order_acquire) != value) return true;
    sched_yield();
  } while (nanoseconds(CLOCK_MONOTONIC) < end);
  return false;
}

static void sleep_until_changed(atomic_uint *word, unsigned value) {
  const int64_t begin = nanoseconds(CLOCK_MONOTONIC);
  while (atomic_load(word) == value) syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
  slept += nanoseconds(CLOCK_MONOTONIC) - begin;
}

static void wake(atomic_uint *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1 << 30, 0, 0, 0); }

// More lanes than processors: one that waits awake would only keep a working one from running.
static bool is_crowded(fk_team *team) { return atomic_load_explicit(&team->active, memory_order_relaxed) > team->processors; }

long fk_team_claim(fk_team *team, long units) {
  if (atomic_load_explicit(&team->left, memory_order_relaxed)) return -1;
  long unit = atomic_fetch_add_explicit(&team->claimed, 1, memory_order_relaxed);
  return unit < units ? unit : -1;
}

void fk_team_leave(fk_team *team, int leaves) { atomic_store(&team->left, leaves); }

int fk_team_is_left(fk_team *team) { return atomic_load(&team->left); }

void fk_team_barrier(fk_team *team) {
  const unsigned generation = atomic_load(&team->generation);
  // Before this lane is counted: once it is, the others may end the run and begin one of fewer lanes.
  const int lanes = atomic_load(&team->active);
  if (atomic_fetch_add(&team->arrived, 1) + 1 == lanes) {
    atomic_store(&team->arrived, 0);
    atomic_store(&team->claimed, 0);
    atomic_store(&team->generation, generation + 1);
    if (atomic_load(&team->sleepers) > 0) wake(&team->generation);
    return;
  }
  if (wait_awake(&team->generation, generation, is_crowded(team))) return;
  atomic_fetch_add(&team->sleepers, 1);
  sleep_until_changed(&team->generation, generation);
  atomic_fetch_sub(&team->sleepers, 1);
}

static void take_part(fk_team *team, int lane) {
  const int64_t wall = nanoseconds(CLOCK_MONOTONIC), processor = nanoseconds(CLOCK_THREAD_CPUTIME_ID), sleep = slept;
  team->body(team->context, lane);
  team->members[lane].lost = (nanoseconds(CLOCK_MONOTONIC) - wall) - (nanoseconds(CLOCK_THREAD_CPUTIME_ID) - processor) - (slept - sleep);
  fk_team_barrier(team);
}

static void *work(void *argument) {
  member *self = argument;
  fk_team *team = self->team;
  flush_denormals();
  for (unsigned runs = 0;; runs++) {
    if (!wait_awake(&self->started, runs, is_crowded(team))) {
      atomic_store(&self->parked, 1);
      sleep_until_changed(&self->started, runs);
      atomic_store(&self->parked, 0);
    }
    if (atomic_load(&team->stop)) return NULL;
    take_part(team, (int)(self - team->members));
  }
}

static void start(fk_team *team, int lanes) {
  for (int i = 1; i < lanes; i++) {
    member *other = &team->members[i];
    atomic_fetch_add(&other->started, 1);
    if (atomic_load(&other->parked)) wake(&other->started);
  }
}

fk_team *fk_team_create(int lanes) {
  fk_team *team = aligned_alloc(64, (sizeof(fk_team) + 63) / 64 * 64);
  member *members = aligned_alloc(64, (size_t)lanes * sizeof(member));
  if (!team || !members) {
    free(team);
    free(members);
    return NULL;
  }
  memset(team, 0, sizeof(fk_team));
  memset(members, 0, (size_t)lanes * sizeof(member));
  team->members = members;
  team->processors = (int)fk_processor_count();
  // Whatever the limit on the program's own stack.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  atomic_store(&team->active, lanes);
  int ready = 1;
  for (; ready < lanes; ready++) {
    members[ready].team = team;
    if (pthread_create(&members[ready].thread, &attributes, work, &members[ready]) != 0) break;
  }
  pthread_attr_destroy(&attributes);
  team->lanes = ready;
  return team;
}

int fk_team_lanes(fk_team *team) { return team->lanes; }

void fk_team_destroy(fk_team *team) {
  atomic_store(&team->stop, 1);
  start(team, team->lanes);
  for (int i = 1; i < team->lanes; i++) pthread_join(team->members[i].thread, NULL);
  free(team->members);
  free(team);
}

fk_team_times fk_team_run(fk_team *team, int lanes, void (*body)(void *, int), void *context) {
  const uint64_t control = flush_denormals();
  const int64_t begin = nanoseconds(CLOCK_MONOTONIC);
  atomic_store(&team->claimed, 0);
  atomic_store(&team->active, lanes);
  team->body = body;
  team->context = context;
  start(team, lanes);
  take_part(team, 0);
  set_control(control);  // the caller's thread is its own again
  fk_team_times times = {.elapsed = nanoseconds(CLOCK_MONOTONIC) - begin};
  for (int i = 0; i < lanes; i++) times.lost += team->members[i].lost > 0 ? team->members[i].lost : 0;
  return times;
}
