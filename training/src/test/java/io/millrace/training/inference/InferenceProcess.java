package io.millrace.training.inference;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.training.files.ModelFile;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An inference in a JVM of its own, which can be killed. */
public final class InferenceProcess {
  private InferenceProcess() {}

  /** Dataset, model, directory of the results, shard. */
  public static void main(String[] args) {
    try (GraphDataset data = GraphDataset.open(Path.of(args[0]), StorageMode.MAPPED)) {
      run(data, Path.of(args[1]), Path.of(args[2]), Shard.parse(args[3]));
    }
  }

  public static void run(GraphDataset data, Path model, Path out, Shard shard) {
    try (GraphInference inference = builder(data, model).shard(shard).build()) {
      inference.run(out, choice(), InferenceListener.NONE);
    }
  }

  public static InferenceBuilder builder(GraphDataset data, Path model) {
    return GraphInference.builder(data, ModelFile.read(model))
        .memory(1 << 20)
        .rangeNodes(64)
        .computeThreads(1)
        .embeddings(true);
  }

  public static OutputOptions choice() {
    return OutputOptions.PREDICTIONS.scores(true).topK(2).csv(true);
  }

  public static Process start(Path data, Path model, Path out, Shard shard, Path log)
      throws IOException {
    return start(command(data, model, out, shard), log);
  }

  /** No file that it writes may be larger than so many KiB: a disk that is full. */
  public static Process startLimited(int fileKib, Path data, Path model, Path out, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", "-c"));
    command.addAll(List.of("ulimit -f " + fileKib + " && exec \"$@\"", "bash"));
    command.addAll(command(data, model, out, Shard.WHOLE));
    return start(command, log);
  }

  private static List<String> command(Path data, Path model, Path out, Shard shard) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-UsePerfData");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), InferenceProcess.class.getName()));
    List.of(data, model, out, shard).forEach(argument -> command.add(argument.toString()));
    return command;
  }

  private static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .directory(new File("."))
        .start();
  }
}
