package io.millrace.checks.fuzz;

import io.millrace.datasets.GraphDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is damaged: folders of OGB and GraphBolt, edge lists, matrices, Parquet, files of features,
 * the archive that {@code get} downloads, datasets, dictionaries, models, checkpoints, weights,
 * what an inference leaves, and what {@link Commands} and {@link Requests} name.
 */
final class Subjects {
  private Subjects() {}

  /**
   * @param root an empty folder, for what has to be made by a training; stays as long as they do
   */
  static List<Subject> all(Path root) throws Exception {
    List<Subject> all = new ArrayList<>(Tables.all());
    all.addAll(Sources.all());
    Subject dataset = Sealed.dataset("dataset", all.getLast(), root.resolve("made"));
    all.add(dataset);
    all.add(Sealed.dataset("dataset with targets", Tables.targets(), root.resolve("made")));
    all.add(Sealed.dataset("dictionary", EdgeLists.names(), root.resolve("made")));
    dataset.folder().writeTo(root.resolve("dataset"));
    GraphDataset data = GraphDataset.open(root.resolve("dataset"));
    all.addAll(new Trained(data, root.resolve("trained")).subjects(root));
    Path commands = Files.createDirectory(root.resolve("commands"));
    Commands commandLine = new Commands(root.resolve("dataset"), data, commands);
    all.addAll(commandLine.subjects());
    all.addAll(new Requests(data, commandLine.model(), commandLine.results()).subjects());
    return all;
  }
}
