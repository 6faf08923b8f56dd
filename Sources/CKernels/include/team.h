#ifndef FK_TEAM_H
#define FK_TEAM_H

#include <stdint.h>

/// A team of threads that run one function together; the caller is its first member. See `Lanes` in Swift.
typedef struct fk_team fk_team;

/// A team of up to `lanes` threads, the caller's among them: as many as the system gives. NULL without memory for it.
fk_team *fk_team_create(int lanes);
int fk_team_lanes(fk_team *team);
/// Ends the threads and frees the team. No run may be under way.
void fk_team_destroy(fk_team *team);
/// Nanoseconds that a run took, and those in which its lanes could have worked and other threads had their processors.
typedef struct {
  int64_t elapsed, lost;
} fk_team_times;
/// Calls `body(context, lane)` once on each of the first `lanes` and returns when all have ended; the others sleep.
fk_team_times fk_team_run(fk_team *team, int lanes, void (*body)(void *context, int lane), void *context);
/// Within a run: the next unit of the present pass that nobody has taken, or -1 when all `units` are taken.
long fk_team_claim(fk_team *team, long units);
/// Whether the members leave their work: nobody gets another unit until they no longer do.
void fk_team_leave(fk_team *team, int leaves);
int fk_team_is_left(fk_team *team);
/// Within a run: waits until every lane of the run is here, then starts the next pass's count.
void fk_team_barrier(fk_team *team);

#endif
