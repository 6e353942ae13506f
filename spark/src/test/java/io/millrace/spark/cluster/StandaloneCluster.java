package io.millrace.spark.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
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
  private final SparkProcesses processes;
  private final String master;

  private StandaloneCluster(Path folder) throws IOException {
    this.folder = folder;
    processes = new SparkProcesses(folder);
    Process process = processes.start("master", ClusterProcess.class, List.of(), List.of(), true);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    master = out.readLine();
    if (master == null) {
      close();
      throw new IOException("no master: " + processes.log("master"));
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
    processes.start(name, ClusterProcess.class, resources, args, false);
  }

  /**
   * A session of this process, whose executors have one core; it writes an event log.
   *
   * @param settings further ones, which take precedence
   */
  public SparkSession session(Map<String, String> settings) {
    return SparkProcesses.session(master, processes.events(), settings);
  }

  /**
   * Runs a driver in a process of its own and waits for its end.
   *
   * @param main gets the master, the folder of event logs, and the arguments
   * @param heap as {@code 160m}
   * @throws AssertionError if it fails, with its log, or does not end
   */
  public void drive(Class<?> main, String heap, List<String> args) throws IOException {
    processes.drive(main, heap, master, args);
  }

  /** What happened in a session that has been stopped. */
  public EventLog eventLog(String applicationId) throws IOException {
    return EventLog.read(folder.resolve("events").resolve(applicationId));
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
    processes.close();
  }
}
