package example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoresTest {
  @Test
  void trainsAndScores(@TempDir Path folder) throws Exception {
    double accuracy = Scores.train(folder);
    assertTrue(accuracy > 0.6, () -> "accuracy " + accuracy);
    int predicted = Scores.score(folder, 7);
    assertTrue(predicted >= 0 && predicted < 4, () -> "class " + predicted);
  }
}
