import Foundation

/// A thing that a spec can name, with settings of its own: a loss term, an augmentation, a way to search. Its file is all there is to say
/// about it; a ``Catalog`` lists it in one line.
///
///     struct Drift: LossTerm {
///       struct Settings: Equatable { var weight = 0.001 }
///       static var schema: ObjectSchema<Settings> {
///         ObjectSchema(
///           "drift", "Keeps the critic's scores of real images near zero", Settings(),
///           Field("weight", \.weight, .number(.atLeast(0)), "The term's weight"))
///       }
///       let settings: Settings
///       ...
///     }
package protocol Declared: Sendable {
  /// What a spec can say of it.
  associatedtype Settings: Equatable & Sendable
  /// Its key, its documentation, and how its settings look in YAML.
  static var schema: ObjectSchema<Settings> { get }
}

extension Declared {
  /// Its key in a spec.
  package static var key: String { erasedSchema.name }
}

/// What is made of its settings alone.
package protocol Plugin: Declared {
  init(_ settings: Settings)
}

/// A ``Declared`` thing as a spec names it: which one, and its settings, every default written out.
///
///     let choice = spec.loss[.discriminator][1]            // `gradient_penalty: {weight: 10.0}` in the spec
///     choice.key                                           // "gradient_penalty"
///     let term: any DiscriminatorTerm = choice.make()      // the term with these settings
package struct Choice: Sendable {
  package let type: any Declared.Type
  private var settings: any Equatable & Sendable

  /// `type` with these settings.
  package init<Kind: Declared>(_ type: Kind.Type, _ settings: Kind.Settings) { (self.type, self.settings) = (type, settings) }

  /// `type` with the settings that it has unless a spec says otherwise.
  package init(_ type: any Declared.Type) { self = type.erasedSchema.blank }

  /// The placeholder where nothing was chosen.
  static let none = Choice(Nothing.self, Nothing.Settings())

  private enum Nothing: Declared {
    struct Settings: Equatable {}
    static var schema: ObjectSchema<Settings> { ObjectSchema("nothing", "", Settings()) }
  }

  /// Its key in a spec.
  package var key: String { type.key }

  /// What the spec says of `type`, which must be the one that was chosen.
  package func settings<Kind: Declared>(of type: Kind.Type) -> Kind.Settings {
    guard let settings = settings as? Kind.Settings else { preconditionFailure("\(self.type) was chosen, not \(type)") }
    return settings
  }

  /// The plug-in that was chosen, as one of `Kind`: `let term: any LossTerm = choice.make()`.
  package func make<Kind>() -> Kind {
    func make<Chosen: Plugin>(_ type: Chosen.Type) -> Any { type.init(settings(of: type)) }
    guard let type = type as? any Plugin.Type, let made = make(type) as? Kind else {
      preconditionFailure("\(type) is not of the kind \(Kind.self)")
    }
    return made
  }

  /// How it looks in a spec, below its key.
  var yaml: YAMLValue { erasedSchema.write(self) }

  /// The schema of its settings.
  var erasedSchema: ObjectSchema<Choice> { type.erasedSchema }
}

extension Choice: Equatable {
  package static func == (left: Choice, right: Choice) -> Bool {
    left.type == right.type && left.settings.equals(right.settings)
  }
}

extension Equatable {
  fileprivate func equals(_ other: any Equatable) -> Bool { self == other as? Self }
}

extension Declared {
  /// The schema of any choice of this type: the one place where a type is forgotten.
  static var erasedSchema: ObjectSchema<Choice> {
    SchemaCache.shared.schema(of: Self.self) {
      let schema = schema
      return schema.lifted(blank: Choice(Self.self, schema.blank)) {
        $0.settings(of: Self.self)
      } set: {
        $0 = Choice(Self.self, $1)
      }
    }
  }
}

/// Schemas of types, each made once: a spec asks for them hundreds of times.
private final class SchemaCache: @unchecked Sendable {  // the lock guards it, and schemas do not change
  static let shared = SchemaCache()

  private let lock = NSLock()
  private var schemas: [ObjectIdentifier: ObjectSchema<Choice>] = [:]

  func schema(of type: Any.Type, make: () -> ObjectSchema<Choice>) -> ObjectSchema<Choice> {
    if let known = lock.withLock({ schemas[ObjectIdentifier(type)] }) { return known }
    let made = make()
    lock.withLock { schemas[ObjectIdentifier(type)] = made }
    return made
  }
}
