package example;

import io.millrace.Progress;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.models.GraphSage;
import io.millrace.training.scoring.NodeScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * {@code java -jar target/spring-1.jar FOLDER} trains a model at its first start, loads it at later
 * ones, and scores a node.
 */
@SpringBootApplication
public class Scores implements CommandLineRunner {
  public static void main(String[] args) {
    // Flags that the manifest of a jar cannot hold.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    SpringApplication.run(Scores.class, args);
  }

  @Override
  public void run(String... args) throws Exception {
    Path folder = Path.of(args[0]);
    if (!Files.exists(folder.resolve("model"))) {
      System.out.printf("trained: test accuracy %.3f%n", train(folder));
    }
    // The context class loader of the common pool's threads sees no jar within this jar.
    int ofPool = CompletableFuture.supplyAsync(() -> score(folder, 7)).get();
    System.out.printf("scored: node 7 is of class %d and %d%n", score(folder, 7), ofPool);
  }

  static double train(Path folder) throws Exception {
    Files.createDirectories(folder);
    // Stands for your own import: see docs/import.md.
    GraphGenerator.PLANTED.generate(
        GraphGenerator.PLANTED
            .defaults()
            .withNodes(4000)
            .withEdges(40_000)
            .withUndirected(true)
            .withFeatures(16, FeatureType.FLOAT32)
            .withClasses(4),
        folder.resolve("graph"),
        Progress.NONE);
    try (GraphDataset data = GraphDataset.open(folder.resolve("graph"));
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(32, 2))
                .fanout(10, 5)
                .batchSize(256)
                .saveTo(folder.resolve("model"))
                .build()) {
      return trainer.fit(3, TrainingListener.NONE).testMetric();
    }
  }

  static int score(Path folder, int node) {
    ModelFile model = ModelFile.read(folder.resolve("model"));
    try (GraphDataset data = GraphDataset.open(folder.resolve("graph"));
        NodeScorer scorer = NodeScorer.builder(data, model).build()) {
      return scorer.score(node).predicted(0);
    }
  }
}
