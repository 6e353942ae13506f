package io.millrace.bench.harness;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.Machine;
import io.millrace.cuda.CudaProbe;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.torch.TorchDevice;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What a measurement must say of itself: the head of every benchmark's JSON. */
public final class Environment {
  private Environment() {}

  /**
   * @param spec of the benchmark, a subcommand of {@code bench}
   * @return command, arguments, machine, system, JVM and commit, to be continued
   */
  public static Map<String, Object> of(CommandSpec spec) {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("command", "bench " + spec.name());
    conditions.put(
        "arguments",
        String.join(
            " ", spec.commandLine().getParent().getParent().getParseResult().originalArgs()));
    conditions.put("machine", Machine.cpu() + ", " + Format.bytes(Machine.memoryBytes()));
    conditions.put("system", Machine.system());
    conditions.put("jvm", Machine.jdk());
    String commit = System.getProperty("millrace.commit", "");
    conditions.put("commit", commit.isEmpty() ? null : commit);
    return conditions;
  }

  /** Where the model computes, and of a GPU its name. */
  public static void putDevice(Map<String, Object> conditions, TorchDevice device) {
    conditions.put("device", device.name());
    if (!(device instanceof TorchDevice.Cpu)) {
      putGpu(conditions);
    }
  }

  /** The dataset and its size. */
  public static void putDataset(Map<String, Object> conditions, GraphDataset data) {
    conditions.put("dataset", data.name());
    conditions.put("num_nodes", data.graph().numNodes());
    conditions.put("num_edges", data.graph().numEdges());
  }

  /** Adds the GPU's name to a measurement on it. */
  public static void putGpu(Map<String, Object> conditions) {
    if (CudaProbe.run() instanceof CudaProbe.Usable usable) {
      conditions.put("gpu", usable.devices().getFirst().name());
    }
  }
}
