import Basics

/// All that files can name. It is put together above the modules whose things it lists, and passed down as one value.
///
///     var language = Language()
///     language.losses = LossCatalog.terms
///     language.optimizers = OptimizerCatalog.optimizers
///     let spec = try ExperimentSpec.read(path: "mine.yaml", language: language, checkingFiles: true)
package struct Language: Sendable {
  /// Terms of `loss.generator` and of `loss.discriminator`.
  package var losses = PerNetwork(generator: Catalog([]), discriminator: Catalog([]))
  /// Layers of both networks; each is a ``LayerDeclaration``.
  package var layers = Catalog([])
  /// Named defaults of both networks; the first is that of a spec that names none.
  package var recipes: [Recipe] = []
  /// `optimizer`; each is an ``OptimizerDeclaration``, and the first is that of a spec that does not say.
  package var optimizers = Catalog([])
  /// `data.augment`, in the order in which they are applied.
  package var augmentations = Catalog([])
  /// `record.evaluate.metrics`; each is a ``MeasureDeclaration``.
  package var measures = Catalog([])
  /// `watch.N.do`.
  package var watchActions = Catalog([])
  /// A sweep's `search`; each is a ``SearchDeclaration``, and the first is what a sweep does that does not say.
  package var searches = Catalog([])
  /// A sweep's `stopping`.
  package var stoppers = Catalog([])

  /// A language without words, which is enough to write what was read.
  package init() {}
}

/// What is checked of a loss term before anything is trained.
package protocol LossTermDeclaration: Declared {
  /// The columns of `metrics.csv` that the term fills beside that of its own value.
  static var measured: [Column] { get }
  /// Whether the network learns by it alone, so that each has exactly one.
  static var isAdversarial: Bool { get }
  /// Whether it differentiates the score of each image by itself.
  static var needsSlopes: Bool { get }
  /// Whether it asks for what a mapping tells modulated layers.
  static var needsStyles: Bool { get }
  /// 1: it is part of each step of its network. k: it has a step of its own, with k times its value, in the first iteration and every k-th
  /// from there on (Karras et al. 2020, appendix B).
  static func every(_ settings: Settings) -> Int
}

extension Choice {
  /// The same of a loss term that was chosen.
  package var every: Int {
    func every<Term: LossTermDeclaration>(_ type: Term.Type) -> Int { type.every(settings(of: type)) }
    return every(lossTerm)
  }
  package var isAdversarial: Bool { lossTerm.isAdversarial }
  package var needsSlopes: Bool { lossTerm.needsSlopes }
  package var needsStyles: Bool { lossTerm.needsStyles }

  private var lossTerm: any LossTermDeclaration.Type {
    guard let type = type as? any LossTermDeclaration.Type else { preconditionFailure("\(type) is no loss term") }
    return type
  }
}

extension Field {
  /// The setting `every` of a loss term.
  package static func every(_ path: WritableKeyPath<Root, Int>) -> Field {
    Field(
      "every", path, .integer(1...1024),
      "1: part of each step. k: a step of its own in the first iteration and every k-th from there on, with k times the weight")
  }
}

extension LossTermDeclaration {
  package static var measured: [Column] { [] }
  package static var isAdversarial: Bool { false }
  package static var needsSlopes: Bool { false }
  package static var needsStyles: Bool { false }
  package static func every(_ settings: Settings) -> Int { 1 }
}

/// What is checked of a measure of drawn images before anything is trained.
package protocol MeasureDeclaration: Declared {
  /// The measured columns of `evaluations.csv` when images have up to `resolution` pixels a side.
  static func columns(_ settings: Settings, resolution: Int) -> [MeasureColumn]
}

/// A column of a measure.
package struct MeasureColumn: Equatable, Sendable {
  package let column: Column
  /// The side in pixels of the smallest images for which there is a number.
  package let smallestSide: Int
  /// Where it is shown when nobody asks for it; each case stands for those before it, too.
  package let shown: Shown

  package enum Shown: Int, Sendable {
    case nowhere, reports, progress, everywhere
  }

  package var name: String { column.name }

  package init(
    _ name: String, _ kind: Column.Kind = .number, _ meaning: String = "", smallestSide: Int = SpecLimits.resolutions.lowerBound,
    shown: Shown = .nowhere
  ) {
    column = Column(name, kind, meaning)
    self.smallestSide = smallestSide
    self.shown = shown
  }

  /// Whether it says how good drawn images are.
  package var isAnswer: Bool { column.kind == .number && !name.hasPrefix(Column.floor) }

  /// The column of what training images measure among themselves.
  package var floor: MeasureColumn { MeasureColumn(Column.floor + name, smallestSide: smallestSide) }
}

extension Column {
  /// What stands before a column's name for the same measure between training images.
  package static let floor = "floor."
}

extension Language {
  /// The columns of all measures, for images of any size.
  package var measured: [MeasureColumn] {
    measures.choices.flatMap { $0.columns(resolution: SpecLimits.resolutions.upperBound) }
  }
}

extension [MeasureColumn] {
  /// The names of those that are shown at `place`.
  package func names(at place: MeasureColumn.Shown) -> [String] { filter { $0.shown.rawValue >= place.rawValue }.map(\.name) }
}

extension Choice {
  /// The columns of a measure that was chosen.
  package func columns(resolution: Int) -> [MeasureColumn] {
    func columns<Measure: MeasureDeclaration>(_ type: Measure.Type) -> [MeasureColumn] {
      type.columns(settings(of: type), resolution: resolution)
    }
    guard let type = type as? any MeasureDeclaration.Type else { preconditionFailure("\(type) measures nothing") }
    return columns(type)
  }
}

/// What is checked of a way to search before any trial is made.
package protocol SearchDeclaration: Declared {
  /// Whether it looks at how trials went.
  static var isAdaptive: Bool { get }
  /// How many sets of values are asked for; nil for every combination.
  static func points(_ settings: Settings) -> Int?
}

extension Choice {
  /// How many sets of values a search that was chosen is asked for; nil for every combination.
  package var points: Int? {
    func points<Search: SearchDeclaration>(_ type: Search.Type) -> Int? { type.points(settings(of: type)) }
    return points(search)
  }

  /// Whether a search that was chosen looks at how trials went.
  package var isAdaptive: Bool { search.isAdaptive }

  private var search: any SearchDeclaration.Type {
    guard let type = type as? any SearchDeclaration.Type else { preconditionFailure("\(type) is no way to search") }
    return type
  }
}

/// What a schedule knows of an optimizer.
package protocol OptimizerDeclaration: Declared {
  /// The learning rate that it begins with.
  static func rate(_ settings: Settings) -> Double
}

extension Choice {
  /// The learning rate that an optimizer that was chosen begins with.
  package var rate: Double {
    func rate<Optimizer: OptimizerDeclaration>(_ type: Optimizer.Type) -> Double { type.rate(settings(of: type)) }
    guard let type = type as? any OptimizerDeclaration.Type else { preconditionFailure("\(type) is no optimizer") }
    return rate(type)
  }
}
