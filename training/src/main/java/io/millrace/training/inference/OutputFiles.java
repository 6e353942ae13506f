package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.datasets.npy.NpyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the results of an inference. All files are written in one pass over the results, in the
 * work folder, and then renamed. A killed run leaves the work folder behind; the run that finishes
 * deletes it. Stateless. The next class to read is {@link OutputFile}.
 */
final class OutputFiles {
  private OutputFiles() {}

  /**
   * @param work a folder on the same file system, where the files are written
   * @return the files by their names
   * @throws BadInputException if they cannot be written
   */
  static Map<String, OutputFile.Written> write(
      InferenceResults results, Path out, Path work, OutputOptions choice) {
    List<OutputFile> files = new ArrayList<>();
    try {
      open(files, results, work, choice);
      for (ResultChunk chunk : results) {
        for (OutputFile file : files) {
          file.add(chunk);
        }
      }
      Map<String, OutputFile.Written> written = new TreeMap<>();
      for (OutputFile file : files) {
        written.put(file.path().getFileName().toString(), file.finish());
      }
      for (OutputFile file : files) {
        Path target = out.resolve(file.path().getFileName());
        Files.move(file.path(), target, StandardCopyOption.ATOMIC_MOVE);
      }
      return written;
    } catch (IOException e) {
      throw new BadInputException(
          "cannot write the results: folder="
              + out
              + ", needBytes="
              + choice.bytes(results)
              + ", cause="
              + e.getMessage(),
          e);
    } finally {
      files.forEach(OutputFile::close);
    }
  }

  private static void open(
      List<OutputFile> files, InferenceResults results, Path work, OutputOptions choice)
      throws IOException {
    int numClasses = results.numClasses();
    int top = choice.numTop(numClasses);
    files.add(predictions(results, work));
    if (!results.isAllNodes()) {
      files.add(
          new NpyOutput(work, "nodes.npy", NpyType.INT32, results.numNodes(), 0, NpyOutput::nodes));
    }
    if (choice.scores()) {
      files.add(
          new NpyOutput(
              work,
              "scores.npy",
              NpyType.FLOAT32,
              results.numNodes(),
              numClasses,
              NpyOutput::probabilities));
    }
    if (results.embeddingDim() > 0) {
      files.add(
          new NpyOutput(
              work,
              "embeddings.npy",
              NpyType.FLOAT32,
              results.numNodes(),
              results.embeddingDim(),
              NpyOutput::embeddings));
    }
    if (top > 0) {
      files.add(
          new NpyOutput(
              work,
              "top_classes.npy",
              NpyType.INT32,
              results.numNodes(),
              top,
              chunk -> NpyOutput.topClasses(chunk, top)));
      files.add(
          new NpyOutput(
              work,
              "top_probabilities.npy",
              NpyType.FLOAT32,
              results.numNodes(),
              top,
              chunk -> NpyOutput.topProbabilities(chunk, top)));
    }
    if (choice.csv()) {
      files.add(
          results.isTargets()
              ? CsvOutput.ofTargets(work, numClasses, choice)
              : CsvOutput.ofClasses(work, Math.max(1, top), choice));
    }
  }

  private static OutputFile predictions(InferenceResults results, Path work) throws IOException {
    String name = "predictions.npy";
    long numNodes = results.numNodes();
    int columns = results.numClasses();
    if (results.isTargets()) {
      return new NpyOutput(work, name, NpyType.FLOAT32, numNodes, columns, NpyOutput::values);
    }
    return results.isMultiLabel()
        ? new NpyOutput(work, name, NpyType.INT8, numNodes, columns, NpyOutput::labels)
        : new NpyOutput(work, name, NpyType.INT32, numNodes, 0, NpyOutput::predictions);
  }
}
