import ArgumentParser
import Basics
import Datasets
import Training

/// Whether decoded images are kept for the next time.
struct CacheArguments: ParsableArguments {
  @Flag(help: "Decode the images into memory, without the cache in $XDG_CACHE_HOME/fadein.")
  var noCache = false

  /// Where the cache may be.
  private static var environment: [String: String] {
    let names = ["XDG_CACHE_HOME", "HOME"]
    return Dictionary(uniqueKeysWithValues: names.compactMap { name in WorkingFolder.variable(name).map { (name, $0) } })
  }

  /// Calls `body` with the cache; cache problems not yet reported go to standard error.
  func with<Result>(_ body: (ImageCache?) throws -> Result) rethrows -> Result {
    let cache = noCache ? nil : ImageCache(environment: Self.environment)
    defer {
      let notices = cache?.takeNotices() ?? []
      if !notices.isEmpty { Console.tell(Diagnostics(notices.map { Diagnostic($0, severity: .warning) })) }
    }
    return try body(cache)
  }
}
