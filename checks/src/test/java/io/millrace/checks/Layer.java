package io.millrace.checks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One module's row in the table of what may import what. The table is the only place where this is
 * written down for the build; {@link LayeringTest} checks every class and every pom against it.
 *
 * <p>A module imports only from modules to its left. Inside a module the packages stand on floors:
 * a package imports only from lower floors, so packages on one floor do not know each other and
 * there are no circles.
 *
 * <p>To let a module use a library, add the library's package and artifact to the module's row. A
 * new package gets a place on a floor; a new module gets a row.
 *
 * @param module folder of the module
 * @param floors the packages that the module consists of, the lowest floor first; none: a pom only
 * @param modules the modules that it may import, by folder
 * @param tables the packages of datasets that it may import; empty: all of them
 * @param libraries the packages of third parties that it may import, with all packages below them
 * @param artifacts the artifact ids of third parties that its pom may list
 */
record Layer(
    String module,
    List<Set<String>> floors,
    Set<String> modules,
    Set<String> tables,
    Set<String> libraries,
    Set<String> artifacts) {

  static final List<Layer> ALL =
      List.of(
          layer("datasets")
              .floors(
                  "io.millrace",
                  "datasets.platform",
                  "datasets.download, datasets.npy, datasets.text",
                  "datasets",
                  "datasets.formats.features, datasets.formats.ids, datasets.formats.pyg,"
                      + " datasets.links, datasets.overlay",
                  "datasets.csr",
                  "datasets.generator, datasets.inspect, datasets.formats",
                  "datasets.formats.matrix",
                  "datasets.formats.edgelist, datasets.formats.ogb, datasets.formats.graphbolt")
              .libraries(
                  "ch.randelshofer.fastdoubleparser",
                  "org.snakeyaml.engine",
                  "com.github.luben.zstd",
                  "org.apache.parquet",
                  "com.sun.management")
              .artifacts("fastdoubleparser", "snakeyaml-engine", "zstd-jni", "parquet-floor"),
          layer("sampler")
              .floors("sampler.draw", "sampler", "sampler.link")
              .modules("datasets")
              .tables("io.millrace", "datasets", "datasets.links", "datasets.platform"),
          layer("native")
              .floors("cuda, kernel")
              .modules("datasets")
              .tables("io.millrace", "datasets.platform")
              .libraries("jcuda")
              .artifacts("jcuda"),
          layer("slicing")
              .floors("slicing", "slicing.disk", "slicing.cache", "slicing.partition")
              .modules("datasets", "sampler", "native")
              .tables("io.millrace", "datasets", "datasets.npy", "datasets.platform"),
          layer("transfer")
              .floors("transfer.trace", "transfer")
              .modules("datasets", "sampler", "native", "slicing")
              .tables("io.millrace", "datasets")
              .libraries("org.agrona", "jdk.jfr", "io.micrometer")
              .artifacts("agrona", "micrometer-core"),
          layer("ranks")
              .floors("ranks", "ranks.ring, ranks.params, ranks.rows", "ranks.mpi")
              .modules("datasets")
              .tables("io.millrace", "datasets.platform"),
          layer("training")
              .floors(
                  "training.torch, training.metrics",
                  "training.loss, training.nn, training.optim",
                  "training.models",
                  "training.link",
                  "training.files, training.parallel",
                  "training.inference.chunks",
                  "training.inference, training.task",
                  "training.scoring",
                  "training")
              .modules("datasets", "sampler", "native", "slicing", "transfer", "ranks")
              .tables(
                  "io.millrace",
                  "datasets",
                  "datasets.links",
                  "datasets.npy",
                  "datasets.overlay",
                  "datasets.platform")
              .libraries("ai.djl", "com.google.gson")
              .artifacts(
                  "api", "pytorch-engine", "pytorch-jni", "pytorch-native-cpu", "gson", "zstd-jni"),
          layer("tuning")
              .floors("tuning.model, tuning.auto, tuning.balance", "tuning")
              .modules("datasets", "sampler", "slicing", "transfer", "training")
              .tables("io.millrace", "datasets")
              .libraries("org.ojalgo")
              .artifacts("ojalgo"),
          layer("serving")
              .floors(
                  "serving.protocol, serving.cache, serving.metrics, serving.selection",
                  "serving.batching",
                  "serving.models",
                  "serving.http",
                  "serving")
              .modules("datasets", "sampler", "training")
              .libraries(
                  "ai.djl",
                  "com.github.benmanes.caffeine",
                  "com.google.gson",
                  "com.sun.net.httpserver",
                  "io.micrometer")
              .artifacts("api", "caffeine", "gson", "micrometer-registry-prometheus"),
          layer("sweeps")
              .floors("sweeps.pipeline, sweeps.schedule, sweeps.space", "sweeps")
              .modules("datasets", "sampler", "transfer", "ranks", "training")
              .tables("io.millrace", "datasets", "datasets.platform")
              .libraries("com.google.gson", "org.snakeyaml.engine")
              .artifacts("gson", "snakeyaml-engine"),
          layer("spark")
              .floors("spark.tables", "spark.barrier, spark.scoring", "spark")
              .modules("datasets", "sampler", "transfer", "ranks", "training", "sweeps")
              .libraries("org.apache.spark", "org.apache.hadoop", "scala", "picocli")
              .artifacts(
                  "picocli",
                  "scala-library",
                  "spark-core_2.13",
                  "spark-mllib_2.13",
                  "spark-sql_2.13"),
          layer("cli")
              .floors(
                  "cli.command",
                  "cli.data, cli.ranks, cli.report",
                  "cli.host, cli.infer, cli.serve, cli.train",
                  "cli.run, cli.sweep",
                  "cli")
              .modules(
                  "datasets",
                  "sampler",
                  "native",
                  "slicing",
                  "transfer",
                  "ranks",
                  "training",
                  "tuning",
                  "serving",
                  "sweeps")
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
                  "parquet-floor",
                  "zstd-jni",
                  "jcuda"),
          layer("bench")
              .floors(
                  "bench.harness, bench.variant",
                  "bench.explore",
                  "bench.explore.jmh_generated",
                  "bench.sampler, bench.epoch, bench.imports, bench.infer, bench.report,"
                      + " bench.schedulers, bench.serve, bench.step, bench.transfer",
                  "bench.sampler.jmh_generated",
                  "bench.slicer",
                  "bench")
              .modules(
                  "datasets",
                  "sampler",
                  "native",
                  "slicing",
                  "transfer",
                  "training",
                  "serving",
                  "sweeps",
                  "cli")
              .libraries(
                  "org.openjdk.jmh",
                  "ai.djl",
                  "picocli",
                  "com.google.gson",
                  "org.jfree",
                  "it.unimi.dsi.fastutil",
                  "org.agrona",
                  "com.sun.management")
              .artifacts(
                  "jmh-core",
                  "jmh-generator-annprocess",
                  "api",
                  "pytorch-engine",
                  "picocli",
                  "gson",
                  "jfreechart",
                  "fastutil-core",
                  "agrona"),
          layer("checks").modules("datasets", "cli", "bench"),
          pomOnly("bom")
              .modules(
                  "datasets",
                  "sampler",
                  "native",
                  "slicing",
                  "transfer",
                  "ranks",
                  "training",
                  "tuning",
                  "serving",
                  "sweeps",
                  "spark",
                  "cli",
                  "bench")
              .artifacts("pytorch-native-cpu", "jcuda", "parquet-floor", "zstd-jni"));

  /** What an artifact's name ends with that needs libraries of one version of Scala. */
  private static final String SCALA = "_2.13";

  /** What any module's tests may use. */
  static final Set<String> TEST_ARTIFACTS = Set.of("junit-jupiter", "slf4j-simple", "jcuda");

  static Layer of(String module) {
    return ALL.stream().filter(layer -> layer.module.equals(module)).findFirst().orElseThrow();
  }

  /** The module that a package belongs to, if it is one of Millrace's. */
  static Optional<Layer> owning(String packageName) {
    return ALL.stream().filter(layer -> layer.packages().contains(packageName)).findFirst();
  }

  /** The module's artifact without {@code millrace-}. */
  String artifact() {
    return libraries.contains("scala") ? module + SCALA : module;
  }

  /** The module whose {@link #artifact} it is. */
  static String moduleOf(String artifact) {
    return artifact.endsWith(SCALA)
        ? artifact.substring(0, artifact.length() - SCALA.length())
        : artifact;
  }

  /** All packages of the module. */
  Set<String> packages() {
    Set<String> all = new LinkedHashSet<>();
    floors.forEach(all::addAll);
    return all;
  }

  /** Whether a package of another module may be imported. */
  boolean mayImport(String packageName) {
    return owning(packageName)
        .filter(owner -> modules.contains(owner.module))
        .filter(
            owner ->
                !owner.module.equals("datasets")
                    || tables.isEmpty()
                    || tables.contains(packageName))
        .isPresent();
  }

  /** The packages of this module that a package may import: itself and all on lower floors. */
  Set<String> below(String packageName) {
    Set<String> allowed = new TreeSet<>(Set.of(packageName));
    for (Set<String> floor : floors) {
      if (floor.contains(packageName)) {
        return allowed;
      }
      allowed.addAll(floor);
    }
    throw new IllegalArgumentException(packageName + " is not a package of " + module);
  }

  private static Layer layer(String module) {
    return new Layer(
        module, List.of(Set.of("io.millrace." + module)), Set.of(), Set.of(), Set.of(), Set.of());
  }

  private static Layer pomOnly(String module) {
    return new Layer(module, List.of(), Set.of(), Set.of(), Set.of(), Set.of());
  }

  /** Each string is a floor; its packages are separated by commas. */
  private Layer floors(String... names) {
    List<Set<String>> all = new ArrayList<>();
    for (String floor : names) {
      Set<String> packages = new LinkedHashSet<>();
      for (String name : floor.split(", ")) {
        packages.add(full(name));
      }
      all.add(packages);
    }
    return new Layer(module, all, modules, tables, libraries, artifacts);
  }

  private static String full(String name) {
    return name.startsWith("io.") ? name : "io.millrace." + name;
  }

  private Layer modules(String... names) {
    return new Layer(module, floors, Set.of(names), tables, libraries, artifacts);
  }

  private Layer tables(String... names) {
    Set<String> all = new LinkedHashSet<>();
    for (String name : names) {
      all.add(full(name));
    }
    return new Layer(module, floors, modules, all, libraries, artifacts);
  }

  private Layer libraries(String... names) {
    return new Layer(module, floors, modules, tables, Set.of(names), artifacts);
  }

  private Layer artifacts(String... names) {
    return new Layer(module, floors, modules, tables, libraries, Set.of(names));
  }
}
