// swift-tools-version: 6.2
import PackageDescription

// The targets in order of their level: every dependency points down (see docs/README.md).
let package = Package(
  name: "fadein",
  products: [.executable(name: "fadein", targets: ["CLI"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // 0: the C edge.
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CPNG", dependencies: ["CLibPNG"]),
    .target(
      name: "CKernels",
      cSettings: [
        .unsafeFlags(["-O3"])  // kernels without optimization would make the debug tests 50 times slower
      ]
    ),
    // 1
    .target(name: "Basics", dependencies: ["CCrypto"]),
    // 2
    .target(name: "Spec", dependencies: ["Basics", "CYAML"]),
    .target(name: "Images", dependencies: ["Basics", "CPNG"]),
    .target(name: "Charts", dependencies: ["Basics"]),
    // No type of C may appear in what other modules see.
    .target(
      name: "Kernels", dependencies: ["Basics", "CKernels"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),
    // 3
    .target(name: "Runs", dependencies: ["Basics", "Images"]),
    // Each training compiles its graphs anew: without optimization, half of the time of all tests.
    .target(
      name: "Graph", dependencies: ["Basics", "Kernels"],
      swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    // 4
    .target(name: "Inspection", dependencies: ["Basics", "Images", "Runs"]),
    .target(name: "Comparison", dependencies: ["Basics", "Spec", "Runs"]),
    .target(name: "Models", dependencies: ["Basics", "Spec", "Kernels", "Graph"]),
    // 5
    .target(name: "Datasets", dependencies: ["Basics", "Spec", "Images", "Runs", "Inspection"]),
    .target(name: "Reports", dependencies: ["Basics", "Spec", "Images", "Charts", "Runs", "Comparison"]),
    // 6
    .target(name: "Evaluation", dependencies: ["Basics", "Spec", "Kernels", "Datasets"]),
    // 7
    .target(
      name: "Training", dependencies: ["Basics", "Spec", "Images", "Kernels", "Runs", "Graph", "Models", "Datasets", "Evaluation"]),
    // 8
    .target(
      name: "Studies", dependencies: ["Basics", "Spec", "Runs", "Comparison", "Kernels", "Models", "Datasets", "Training"]),
    // 9
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Basics", "Spec", "Images", "Kernels", "Charts", "Runs", "Graph", "Inspection", "Comparison", "Models", "Datasets",
        "Reports",
        "Evaluation", "Training", "Studies",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      plugins: ["NameBuild"]
    ),
    .plugin(name: "NameBuild", capability: .buildTool()),
    .target(name: "TestSupport", dependencies: ["Basics", "Images", "Datasets"], path: "Tests/TestSupport"),
    // 10: kills and damages real runs of the built program (scripts/torture).
    .executableTarget(
      name: "Torture",
      dependencies: [
        "Basics", "Runs", "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Torture"),
    .testTarget(name: "BasicsTests", dependencies: ["Basics", "TestSupport"]),
    .testTarget(
      name: "SpecTests", dependencies: ["Studies", "Training", "Datasets", "Models", "Spec", "Basics"], exclude: ["Cases"]),
    .testTarget(name: "ImagesTests", dependencies: ["TestSupport", "Images", "Basics"], exclude: ["Fixtures"]),
    .testTarget(name: "ChartsTests", dependencies: ["TestSupport", "Charts", "Basics"]),
    .testTarget(name: "RunsTests", dependencies: ["TestSupport", "Runs", "Images", "Basics"]),
    .testTarget(
      name: "InspectionTests", dependencies: ["TestSupport", "Inspection", "Images", "Runs", "Basics"], exclude: ["Fixtures"]),
    .testTarget(name: "ComparisonTests", dependencies: ["Comparison", "Spec", "Runs", "Basics"], exclude: ["Fixtures"]),
    .testTarget(name: "ReportsTests", dependencies: ["TestSupport", "Reports", "Comparison", "Spec", "Runs", "Basics"]),
    // Definitions in Double are compared with every kernel: without optimization, two minutes.
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "CKernels", "Basics"], exclude: ["Fixtures"],
      swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .testTarget(name: "GraphTests", dependencies: ["Graph", "Kernels", "Basics"]),
    .testTarget(
      name: "ModelsTests", dependencies: ["Training", "Models", "Graph", "Kernels", "Spec", "Basics", "Runs"], exclude: ["Fixtures"]
    ),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["TestSupport", "Datasets", "Inspection", "Runs", "Images", "Spec", "Basics", "Studies"], exclude: ["Fixtures"]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["TestSupport", "Training", "Evaluation", "Datasets", "Runs", "Kernels", "Spec", "Basics", "Studies"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "TestSupport", "Training", "Evaluation", "Datasets", "Inspection", "Models", "Graph", "Kernels", "Runs", "Images", "Spec",
        "Basics",
      ]),
    .testTarget(
      name: "StudiesTests", dependencies: ["Studies", "Training", "Models", "Spec", "Runs", "Basics"], exclude: ["Cases"]),
    .testTarget(
      name: "CLITests",
      dependencies: ["TestSupport", "Runs", "Basics", "CLI", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      exclude: ["SameBytes"]),
  ]
)

// `scripts/fuzz` sets FADEIN_FUZZ and builds the readers of Fuzz/Targets under libFuzzer; else they are part of the tests, which
// replay the corpus.
if Context.environment["FADEIN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fadein-fuzz", dependencies: ["Basics", "Spec", "Runs", "Studies"], path: "Fuzz",
      exclude: ["corpus", "dictionaries", "ReplayTests.swift"]))
} else {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: ["Basics", "Spec", "Runs", "Studies"], path: "Fuzz",
      exclude: ["corpus", "dictionaries", "LibFuzzer.swift"]))
}
