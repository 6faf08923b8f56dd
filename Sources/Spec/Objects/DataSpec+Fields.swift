extension DataSpec {
  /// `data`.
  static var schema: ObjectSchema<DataSpec> {
    ObjectSchema(
      name: "data", blank: DataSpec(folder: "", path: "", resolution: 0),
      fields: [
        Field(
          "folder", \.folder, .text("a path"), "Folder of PNG images, searched recursively; relative to the spec file",
          default: .required, example: "../data/icons"),
        Field(
          "resolution", \.resolution, .powerOfTwo(SpecLimits.resolutions),
          "Side in pixels that every image is resized to; lower phases average this image down",
          default: .derived("the resolution of the last phase")),
        Field("fit", \.fit, .choice, "How an image that is not square becomes square"),
        Field(
          "exclude", \.exclude, .list(of: .text("a file name or pattern"), blank: "", count: 0...10_000),
          "Names or glob patterns of files that are left out", example: "[broken.png, draft-*.png]"),
        Field("augment", \.augment, .object(AugmentSpec.schema), "Random changes to real images"),
      ])
  }
}
