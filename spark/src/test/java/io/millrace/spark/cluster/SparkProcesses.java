package io.millrace.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;

/**
 * Processes that have the classes of the test and Spark: masters, workers, and drivers with their
 * executors. {@link #close} ends all of them.
 */
public final class SparkProcesses implements AutoCloseable {
  private static final int DRIVER_MINUTES = 20;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param folder a new one, for logs and for what Spark keeps
   */
  public SparkProcesses(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("home/jars")); // executors get theirs from the session
    Files.createFile(folder.resolve("home/RELEASE"));
  }

  /**
   * Starts one.
   *
   * @param name of its log
   * @param flags of its JVM
   * @param readsOutput whether the caller reads what it prints; otherwise it goes to a file
   */
  Process start(
      String name, Class<?> main, List<String> flags, List<String> args, boolean readsOutput)
      throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    command.addAll(opens());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve(name + ".log").toFile());
    if (!readsOutput) {
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
   * Runs a driver and waits for its end.
   *
   * @param main gets the master, the folder of event logs, and the arguments
   * @param heap as {@code 160m}
   * @throws AssertionError if it fails, with its log, or does not end
   */
  public void drive(Class<?> main, String heap, String master, List<String> args)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(master, events()));
    all.addAll(args);
    Process process = start("driver", main, List.of("-Xmx" + heap), all, false);
    try {
      if (!process.waitFor(DRIVER_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError("the driver does not end: minutes=" + DRIVER_MINUTES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the driver", e);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(log("driver"));
    }
  }

  /**
   * A session whose executors have one core and the classes of this process; it writes an event
   * log.
   *
   * @param events the folder of event logs, which a driver gets with the master
   * @param settings further ones, which take precedence
   */
  public static SparkSession session(String master, String events, Map<String, String> settings) {
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
            .config("spark.eventLog.dir", events)
            .config("spark.eventLog.rolling.enabled", false)
            .config("spark.eventLog.compress", false);
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** The folder of event logs, as Spark's settings name it. */
  String events() {
    try {
      return Files.createDirectories(folder.resolve("events")).toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The log of a process. */
  String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) { // the workers before their master
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
