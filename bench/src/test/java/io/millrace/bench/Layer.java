package io.millrace.bench;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One module's row in the table of what may import what: the one place where it is written down for
 * the build.
 *
 * <p>To let a module use a library, add the library's package and artifact to the module's row; a
 * module may be added to a row only from the left of the line. {@link LayeringTest} holds every
 * module to its row.
 *
 * @param module folder of the module, and its artifact without {@code millrace-}
 * @param packages the packages that the module consists of
 * @param modules the modules that it may import, by folder
 * @param libraries the packages of third parties that it may import, with all packages below them
 * @param artifacts the artifact ids of third parties that its pom may list
 */
record Layer(
    String module,
    Set<String> packages,
    Set<String> modules,
    Set<String> libraries,
    Set<String> artifacts) {

  static final List<Layer> ALL =
      List.of(
          layer("datasets")
              .libraries(
                  "it.unimi.dsi.fastutil",
                  "ch.randelshofer.fastdoubleparser",
                  "org.snakeyaml.engine",
                  "com.github.luben.zstd",
                  "org.apache.parquet",
                  "net.openhft.chronicle",
                  "com.sun.management")
              .artifacts(
                  "fastutil-core",
                  "fastdoubleparser",
                  "snakeyaml-engine",
                  "zstd-jni",
                  "chronicle-map",
                  "parquet-floor"),
          layer("sampler").modules("datasets"),
          layer("native")
              .packages("io.millrace.cuda", "io.millrace.kernel")
              .libraries("jcuda")
              .artifacts("jcuda"),
          layer("slicing").modules("datasets", "sampler", "native"),
          layer("transfer")
              .modules("datasets", "sampler", "native", "slicing")
              .libraries("org.agrona")
              .artifacts("agrona"),
          layer("training")
              .modules("datasets", "sampler", "native", "slicing", "transfer")
              .libraries("ai.djl", "com.google.gson")
              .artifacts("api", "pytorch-engine", "pytorch-jni", "pytorch-native-cpu", "gson"),
          layer("cli")
              .modules("datasets", "sampler", "native", "slicing", "transfer", "training")
              .libraries(
                  "picocli",
                  "me.tongfei.progressbar",
                  "com.google.gson",
                  "org.apache.commons.compress",
                  "com.sun.management",
                  "org.jfree",
                  "de.erichseifert.vectorgraphics2d")
              .artifacts(
                  "picocli",
                  "progressbar",
                  "gson",
                  "commons-compress",
                  "slf4j-simple",
                  "jfreechart",
                  "VectorGraphics2D",
                  "parquet-floor"),
          layer("bench")
              .packages(
                  "io.millrace.bench",
                  "io.millrace.bench.explore",
                  "io.millrace.bench.jmh_generated",
                  "io.millrace.bench.explore.jmh_generated")
              .modules("datasets", "sampler", "native", "slicing", "transfer", "training", "cli")
              .libraries(
                  "org.openjdk.jmh",
                  "ai.djl",
                  "picocli",
                  "it.unimi.dsi.fastutil",
                  "org.agrona",
                  "com.sun.management")
              .artifacts(
                  "jmh-core",
                  "jmh-generator-annprocess",
                  "api",
                  "pytorch-engine",
                  "picocli",
                  "fastutil-core",
                  "agrona"));

  /** What any module's tests may use. */
  static final Set<String> TEST_ARTIFACTS = Set.of("junit-jupiter", "slf4j-simple");

  static Layer of(String module) {
    return ALL.stream().filter(layer -> layer.module.equals(module)).findFirst().orElseThrow();
  }

  /** The module that a package belongs to, if it is one of ours. */
  static Optional<Layer> owning(String packageName) {
    return ALL.stream().filter(layer -> layer.packages.contains(packageName)).findFirst();
  }

  private static Layer layer(String module) {
    return new Layer(module, Set.of("io.millrace." + module), Set.of(), Set.of(), Set.of());
  }

  private Layer packages(String... names) {
    return new Layer(module, Set.of(names), modules, libraries, artifacts);
  }

  private Layer modules(String... names) {
    return new Layer(module, packages, Set.of(names), libraries, artifacts);
  }

  private Layer libraries(String... names) {
    return new Layer(module, packages, modules, Set.of(names), artifacts);
  }

  private Layer artifacts(String... names) {
    return new Layer(module, packages, modules, libraries, Set.of(names));
  }
}
