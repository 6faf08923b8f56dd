import Basics
import Charts
import Comparison
import Foundation
import Runs
import Spec

/// A report on runs: one HTML file that needs nothing else, runs nothing and asks nobody.
package struct Report {
  private let content: ReportContent
  private let version: String
  private let files: any FileSystem

  /// A report on `runs`, in which `skipped` is named as left out. Throws when no run can be read.
  /// - Parameters:
  ///   - title: the sweep that all runs belong to, or the names of the runs, if nil
  ///   - objective: what says which run is better; found out by ``Objective/of(_:_:_:)`` if nil
  ///   - measures: the columns of all measures of drawn images, some of which are shown
  ///   - version: the version of Fadein that writes the report
  ///   - threads: how many threads read the runs
  package init(
    title: String?, runs: [ComparedRun], skipped: [RunCatalog.Skipped], objective: Objective?, measures: [MeasureColumn],
    version: String, threads: Int, _ files: any FileSystem
  ) throws(Diagnostics) {
    content = ReportContent(
      title: title, runs: runs, skipped: skipped, objective: objective, measures: measures, threads: threads, files)
    self.version = version
    self.files = files
    guard !content.runs.isEmpty else {
      let reasons = content.skipped.map { Diagnostic("skipped: \($0.reason)", file: $0.path) }
      throw Diagnostics([Diagnostic("there is no run to report on")] + reasons, exitCode: .inputNotFound)
    }
  }

  /// What every page begins with, for whoever writes it to know it again; the version follows.
  package static let beginning =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"generator\" content=\"\(generator)"

  private static let generator = "Fadein report "

  /// The file's text, and what of the runs is not shown, and why. The same runs give the same bytes, whenever and wherever it is
  /// written.
  package func page() -> (html: String, skipped: [RunCatalog.Skipped]) {
    let curves = CurvesSection(content, files)
    let samples = SamplesSection(content, curves.phases, files)
    let body = HTML([
      heading, SummarySection(content).html, AblationSection(content: content).html, curves.html,
      ScatterSection(content, firstChart: curves.charts).html,
      samples.html, SpecsSection(content).html, RunsSection(content, skipped: samples.skipped).html,
      tag("footer") { "Written by Fadein \(version). This page holds all that it shows: it loads nothing and runs nothing." },
    ])
    let head = HTML([
      tag("meta", ["charset": "utf-8"]), tag("meta", ["name": "generator", "content": "\(Self.generator)\(version)"]),
      tag("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy]),
      tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      tag("meta", ["name": "color-scheme", "content": "light dark"]),
      tag("title") { content.title },
      HTML(element: "style", [:], content: HTML(literal: Stylesheet.text)),
    ])
    let page = tag("html", ["lang": "en"]) {
      tag("head") { head }
      tag("body") { tag("main") { body } }
    }
    return ("<!doctype html>\n" + page.markup + "\n", samples.skipped)
  }

  /// Nothing but this very style sheet and pictures in the page itself.
  private static var policy: String {
    let digest = Digest.sha256(Stylesheet.text.description)
    let bytes = stride(from: 0, to: digest.count, by: 2).map { UInt8(digest.dropFirst($0).prefix(2), radix: 16)! }
    return "default-src 'none'; style-src 'sha256-\(Data(bytes).base64EncodedString())'; img-src data:; base-uri 'none'; "
      + "form-action 'none'"
  }

  private var heading: HTML {
    let (runs, groups) = (content.runs, content.groups)
    let repeats = groups.map(\.runs.count).distinct
    var facts = [runs.count == 1 ? "1 run" : "\(NumberText.count(runs.count)) runs"]
    if groups.count > 1 {
      let each = repeats.count == 1 ? (repeats[0] == 1 ? "" : ", \(repeats[0]) repeats each") : ", with repeats"
      facts.append("\(NumberText.count(groups.count)) settings\(each)")
    }
    for status in RunStatus.allCases {
      let count = runs.count { $0.status == status }
      if count > 0 { facts.append("\(NumberText.count(count)) \(status.rawValue)") }
    }
    let days = runs.map { String($0.manifest.created.prefix(10)) }.sorted()
    facts.append(days.first == days.last ? "begun \(days[0])" : "begun \(days[0]) to \(days[days.count - 1])")
    return tag("header") {
      tag("h1") { content.title }
      tag("p", ["class": "facts"]) { facts.joined(separator: " · ") }
      HTML(content.warnings.map { text in tag("p", ["class": "warning"]) { text } })
    }
  }
}
