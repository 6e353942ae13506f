package io.millrace.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * A plugin of Spark by which an executor that begins a task of a chosen stage kills itself by
 * {@code kill -9}, once a stage, at once or when a file exists. Orders are files of a folder that
 * test and executors see.
 */
public final class ExecutorKiller implements SparkPlugin {
  private static final String FOLDER = "spark.millrace.test.orders";
  private static final long WAIT_NANOS = 60_000_000_000L;

  /** The settings of a session with this plugin. */
  public static Map<String, String> settings(Path orders) {
    return Map.of("spark.plugins", ExecutorKiller.class.getName(), FOLDER, orders.toString());
  }

  /** The number that the next stage will have. */
  public static int nextStage(JavaSparkContext spark) {
    return 1 + spark.parallelize(List.of(0), 1).map(_ -> stage()).first();
  }

  private static int stage() {
    return TaskContext.get().stageId();
  }

  /**
   * Orders the death of the executor that begins a stage's next task.
   *
   * @param when the executor goes on until this file exists; null = it dies before the task
   */
  public static void order(Path orders, int stage, Path when) throws IOException {
    Files.writeString(file(orders, stage), when == null ? "" : when.toString());
  }

  private static Path file(Path orders, int stage) {
    return orders.resolve("stage-" + stage);
  }

  /** Withdraws the orders that no executor took; returns their stages. */
  public static Set<Integer> withdraw(Path orders) throws IOException {
    Set<Integer> left = new TreeSet<>();
    try (Stream<Path> files = Files.list(orders)) {
      for (Path file : files.toList()) {
        left.add(Integer.valueOf(file.getFileName().toString().substring("stage-".length())));
        Files.delete(file);
      }
    }
    return left;
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Killer();
  }

  /** In each executor. */
  private static final class Killer implements ExecutorPlugin {
    private Path orders;

    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      orders = Path.of(context.conf().get(FOLDER));
    }

    @Override
    public void onTaskStart() {
      Path order = file(orders, TaskContext.get().stageId());
      try {
        if (!Files.exists(order)) {
          return;
        }
        String when = Files.readString(order);
        if (!Files.deleteIfExists(order)) {
          return; // another executor took it
        }
        if (when.isEmpty()) {
          killThisProcess();
        } else {
          Thread.ofPlatform().daemon().start(() -> killOnce(Path.of(when)));
        }
      } catch (NoSuchFileException e) {
        return; // another executor took it
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void killOnce(Path exists) {
      long until = System.nanoTime() + WAIT_NANOS;
      while (!Files.exists(exists) && System.nanoTime() < until) {
        LockSupport.parkNanos(1_000_000);
      }
      try {
        killThisProcess();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void killThisProcess() throws IOException {
      String self = Long.toString(ProcessHandle.current().pid());
      Process kill = new ProcessBuilder("kill", "-9", self).start();
      try {
        kill.waitFor();
        Thread.sleep(WAIT_NANOS / 1_000_000); // the signal ends it before
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
