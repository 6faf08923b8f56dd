import Foundation

/// The other end of a terminal: what a program writes to it.
final class Screen: Sendable {
  /// The system gave no terminal.
  struct Unavailable: Error { let errno: Int32 }

  /// Linux's `TIOCSPTLCK` and `TIOCGPTN`, which are macros.
  private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  private let descriptor: Int32
  private let finished = DispatchSemaphore(value: 0)

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A new terminal that changes nothing of what is written, and the device that a program has open.
  static func open(rows: Int, columns: Int) throws -> (Screen, FileHandle) {
    let descriptor = Foundation.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number) = (Int32(0), Int32(0))
    guard descriptor >= 0, ioctl(descriptor, setLock, &isLocked) == 0, ioctl(descriptor, getNumber, &number) == 0 else {
      throw Unavailable(errno: errno)
    }
    let device = Foundation.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard device >= 0 else { throw Unavailable(errno: errno) }
    var settings = termios()
    tcgetattr(device, &settings)
    cfmakeraw(&settings)
    tcsetattr(device, TCSANOW, &settings)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(device, UInt(TIOCSWINSZ), &size)
    return (Screen(descriptor), FileHandle(fileDescriptor: device, closeOnDealloc: true))
  }

  /// Puts what is written to the terminal into the file at `path`, until nobody has it open.
  func read(into path: String) {
    Thread.detachNewThread { [self] in
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      var text = Data()
      while true {
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        guard count > 0 || count < 0 && errno == EINTR else { break }
        if count > 0 { text.append(contentsOf: bytes[..<count]) }
      }
      _ = FileManager.default.createFile(atPath: path, contents: text)
      finished.signal()
    }
  }

  /// Waits until all is read.
  func finish() {
    finished.wait()
    finished.signal()
  }
}
