/// The control groups of this process, of either version, and what they leave.
struct ControlGroups {
  private let read: (String) -> String?
  /// Folders of the groups that limit memory, the process's own first, then those that hold it; and their version.
  private let folders: [(path: String, version: Int)]

  /// - Parameter read: gives the text of a file of the system, or nil.
  init(_ read: @escaping (String) -> String?) {
    self.read = read
    let groups = (read("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap {
      line -> (controllers: String, path: String)? in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 ? (String(parts[1]), String(parts[2])) : nil
    }
    var folders: [(path: String, version: Int)] = []
    for mount in (read("/proc/self/mountinfo") ?? "").split(separator: "\n") {
      // ... root mountpoint options - type source superoptions
      let halves = mount.split(separator: " - ", maxSplits: 1).map {
        $0.split(separator: " ").map(String.init)
      }
      guard halves.count == 2, halves[0].count > 4, halves[1].count > 2 else { continue }
      let (root, place, type) = (halves[0][3], halves[0][4], halves[1][0])
      let isFirst = type == "cgroup" && halves[1][2].split(separator: ",").contains("memory")
      guard isFirst || type == "cgroup2" else { continue }
      let group = groups.first {
        isFirst ? $0.controllers.split(separator: ",").contains("memory") : $0.controllers.isEmpty
      }
      guard let path = group?.path else { continue }
      // In a container a mount shows the tree from the container's own group on.
      let inner =
        root == "/" ? path : path.hasPrefix(root) ? String(path.dropFirst(root.count)) : ""
      var steps = inner.split(separator: "/").map(String.init).filter { $0 != ".." }
      while true {
        folders.append((path: ([place] + steps).joined(separator: "/"), version: isFirst ? 1 : 2))
        if steps.isEmpty { break }
        steps.removeLast()
      }
    }
    self.folders = folders
  }

  /// Bytes of memory that may still be taken; nil without a limit. What the system could give back, since it is in files, counts as free.
  func memory() -> Int? {
    folders.compactMap { folder -> Int? in
      let isFirst = folder.version == 1
      func number(_ name: String) -> Int? {
        read("\(folder.path)/\(name)").flatMap { Int($0.prefix { !$0.isWhitespace }) }
      }
      guard let limit = number(isFirst ? "memory.limit_in_bytes" : "memory.max"), limit < 1 << 60,
        let used = number(isFirst ? "memory.usage_in_bytes" : "memory.current")
      else { return nil }
      let fields = AvailableMemory.fields(read("\(folder.path)/memory.stat") ?? "")
      let names =
        isFirst ? ["total_inactive_file", "total_active_file"] : ["inactive_file", "active_file"]
      return max(0, limit - max(0, used - names.reduce(0) { $0 + (fields[$1] ?? 0) }))
    }.min()
  }
}
