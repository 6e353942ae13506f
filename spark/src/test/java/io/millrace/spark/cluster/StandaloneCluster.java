package io.millrace.spark.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A master of Spark and workers with two cores each, processes on loopback. Executors have the
 * classes of the test. {@link #close} ends all of them.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final int WORKER_CORES = 2;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  private StandaloneCluster(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("home/jars")); // executors get theirs from the session
    Files.createFile(folder.resolve("home/RELEASE"));
    Process process = start("master", List.of(), List.of());
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    master = out.readLine();
    if (master == null) {
      close();
      throw new IOException("no master: " + log("master"));
    }
  }

  /**
   * Starts a cluster.
   *
   * @param folder a new one, for logs and for what Spark keeps
   * @param gpus an address for each worker, which its discovery script prints
   */
  public static StandaloneCluster start(Path folder, List<String> gpus) throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    for (int worker = 0; worker < gpus.size(); worker++) {
      cluster.startWorker("worker-" + worker, gpus.get(worker));
    }
    return cluster;
  }

  private void startWorker(String name, String gpu) throws IOException {
    Path script = folder.resolve(name + ".sh");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + gpu + "\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    List<String> resources =
        List.of(
            "-Dspark.worker.resource.gpu.amount=1",
            "-Dspark.worker.resource.gpu.discoveryScript=" + script);
    List<String> args =
        List.of(
            "--host",
            ClusterProcess.LOOPBACK,
            "--cores",
            Integer.toString(WORKER_CORES),
            "--memory",
            "2g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve(name).toString(),
            master);
    start(name, resources, args);
  }

  private Process start(String name, List<String> properties, List<String> args)
      throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    command.addAll(opens());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(properties);
    command.addAll(List.of("-cp", classPath(), ClusterProcess.class.getName()));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve(name + ".log").toFile());
    if (!args.isEmpty()) {
      builder.redirectOutput(folder.resolve(name + ".out").toFile());
    }
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                folder.resolve("home").toString(),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_LOCAL_IP",
                ClusterProcess.LOOPBACK,
                "SPARK_LOCAL_DIRS",
                folder.resolve("local").toString(),
                "JAVA_HOME",
                home.toString(),
                "OMP_WAIT_POLICY",
                "PASSIVE"));
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** What this process was given for Spark. */
  private static List<String> opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(it -> it.startsWith("--add-opens="))
        .toList();
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  /**
   * A session whose executors have one core; it writes an event log.
   *
   * @param settings further ones, which take precedence
   */
  public SparkSession session(Map<String, String> settings) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master)
            .appName("millrace-test")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", ClusterProcess.LOOPBACK)
            .config("spark.driver.bindAddress", ClusterProcess.LOOPBACK)
            .config("spark.sql.shuffle.partitions", 3)
            .config("spark.executor.cores", 1)
            .config("spark.cores.max", 2)
            .config("spark.executor.memory", "512m")
            .config("spark.executor.extraClassPath", classPath())
            .config(
                "spark.executor.extraJavaOptions",
                "--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
            .config("spark.scheduler.minRegisteredResourcesRatio", 1)
            .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
            .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
            .config("spark.eventLog.enabled", true)
            .config("spark.eventLog.dir", events().toUri().toString())
            .config("spark.eventLog.rolling.enabled", false)
            .config("spark.eventLog.compress", false);
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  private Path events() {
    try {
      return Files.createDirectories(folder.resolve("events"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What happened in a session that has been stopped. */
  public EventLog eventLog(String applicationId) throws IOException {
    return EventLog.read(events().resolve(applicationId));
  }

  /** The log of the master or a worker. */
  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a line of an executor's log has a match. */
  public boolean executorsSaid(String regex) throws IOException {
    Pattern pattern = Pattern.compile(regex);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(it -> it.endsWith("stderr")).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          if (lines.anyMatch(pattern.asPredicate())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) { // the workers first
      List<ProcessHandle> executors = process.descendants().toList();
      process.destroy();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
    for (Process process : processes) {
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
