import Foundation

/// Numbers as people read them: few digits, short.
package enum NumberText {
  /// `value` with four significant digits: `0.6741`, `1234`, `1.5e-5`.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "−inf" : "inf" }
    if value == value.rounded(), abs(value) < 1e6 { return signed(String(format: "%.0f", value)) }
    return signed(trimmed(String(format: "%.\(digits)g", value)))
  }

  /// A measure with four significant digits, zeros at the end included: `92.00` below `83.75`. Whole numbers stay whole.
  package static func measure(_ value: Double) -> String {
    guard value.isFinite, value != value.rounded(), (1e-4..<1e5).contains(abs(value)) else { return short(value) }
    return signed(String(format: "%#.4g", value))
  }

  /// A label of an axis with ticks `step` apart: as many decimals as it takes, and `k` and `M` for thousands and millions.
  package static func tick(_ value: Double, step: Double) -> String {
    if value == 0 { return "0" }
    if abs(value) < 1e-4 || abs(value) >= 1e9 || step < 1e-5 { return signed(trimmed(String(format: "%.3g", value))) }
    let (unit, name) = step >= 1e6 ? (1e6, "M") : step >= 100 && abs(value) >= 1000 ? (1e3, "k") : (1, "")
    let decimals = max(0, Int(-floor(log10(step / unit * 1.000_001))))
    return signed(String(format: "%.\(decimals)f", value / unit)) + name
  }

  /// A mean and a deviation: `12.34 ± 0.56`.
  package static func spread(_ mean: Double, _ deviation: Double) -> String {
    rounded(mean, like: deviation) + " ± " + rounded(deviation, like: deviation)
  }

  /// `value` with as many decimals as `deviation` has in two significant digits, since more would be noise.
  package static func rounded(_ value: Double, like deviation: Double) -> String {
    guard value.isFinite, deviation.isFinite, deviation > 0 else { return short(value) }
    let decimals = max(0, Int(1 - floor(log10(deviation))))
    guard decimals <= 6, abs(value) < 1e6, deviation < 1e6 else { return short(value, digits: 3) }
    return signed(String(format: "%.\(decimals)f", value))
  }

  /// `1234567` as `1,234,567`.
  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Seconds as `45 s`, `12 min`, `3.5 h`.
  package static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<99.5: String(format: "%.0f s", seconds)
    case ..<5970: String(format: "%.0f min", seconds / 60)
    default: String(format: "%.1f h", seconds / 3600)
    }
  }

  /// `1.20e-05` as `1.2e-5`.
  private static func trimmed(_ text: String) -> String {
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
    return "\(parts[0])e\(exponent)"
  }

  /// With a true minus sign, which is as wide as a digit, and none before a zero; that of an exponent stays.
  private static func signed(_ text: String) -> String {
    guard text.hasPrefix("-") else { return text }
    let magnitude = text.dropFirst()
    return magnitude.contains { ("1"..."9").contains($0) } ? "−" + magnitude : String(magnitude)
  }
}
