/// How many lanes a team works with beside other programs.
///
/// Lanes wait for each other at the end of each pass. If one of them must share its processor, all wait while another program has
/// its turn, and fewer lanes that have processors of their own are faster. So lanes are given up when they lose more than one of them
/// is worth, and taken again when processors are idle. Results do not depend on their number.
struct LaneGovernor {
  /// Running time, in nanoseconds, over which losses are judged.
  static let window = 100_000_000
  /// Wall time, in nanoseconds, until idle processors are looked for: at first, and at most, when lanes that were taken again had to be
  /// given up soon.
  static let patience = 1_000_000_000...64_000_000_000

  let most: Int
  private(set) var lanes: Int
  private var (elapsed, lost) = (0, 0)
  private var patience = Self.patience.lowerBound
  /// When lanes were taken again, and when idle processors were last looked for and what was seen.
  private var (taken, looked, idle) = (Int.min / 2, 0, 0.0)

  init(most: Int) { (self.most, lanes) = (most, most) }

  /// Hears of a run that ended at `now`, with the lanes of ``lanes``: how long it took, and how long its lanes could have worked but had no
  /// processor, added up; in nanoseconds.
  ///
  /// - Parameter idle: the seconds that this process's processors have been idle, all added up, if the system says.
  mutating func ran(until now: Int, elapsed: Int, lost: Int, idle: () -> Double?) {
    guard most > 1 else { return }
    self.elapsed += elapsed
    self.lost += lost
    if self.elapsed >= Self.window {
      let share = Double(self.lost) / Double(self.elapsed)
      (self.elapsed, self.lost) = (0, 0)
      // With n lanes that lose l of a lane in turn, n (1 - l) remains; without one of them n - 1.
      if lanes > 1, share * Double(lanes) > 0.8 { return giveUp(share, now, idle) }
    }
    if lanes < most, now - looked >= patience { takeAgain(now, idle) }
  }

  private mutating func giveUp(_ share: Double, _ now: Int, _ idle: () -> Double?) {
    lanes = max(1, min(lanes - 1, Int(Double(lanes) - share)))
    let isSoon = now - taken < 2 * Self.patience.lowerBound
    patience = isSoon ? min(2 * patience, Self.patience.upperBound) : Self.patience.lowerBound
    (looked, self.idle) = (now, idle() ?? 0)
  }

  private mutating func takeAgain(_ now: Int, _ idle: () -> Double?) {
    let seen = idle()
    // Where the system does not say, one more is tried.
    let free = seen.map { ($0 - self.idle) / (Double(now - looked) * 1e-9) } ?? 1
    (looked, self.idle) = (now, seen ?? 0)
    let more = min(most - lanes, Int(free + 0.2))
    guard more > 0 else { return }
    lanes += more
    taken = now
    (elapsed, lost) = (0, 0)
  }
}
