package io.millrace.training.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainingListener;
import io.millrace.training.link.Decoder;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.Gin;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.SageRi;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final GraphSage MODEL = GraphSage.of(5, 2).dropout(0.25);

  /** Above all process ids. */
  private static final long NO_PROCESS = 999_999_999;

  private static final ModelInfo INFO =
      new ModelInfo(MODEL, 3, 2, true, "tiny \"quoted\"", "0123456789abcdef", "10,5", 7, 4, 0.875);

  @TempDir private Path directory;
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private Path written() {
    try (Network network = new Network(MODEL, 3, 2, 1);
        NDList weights = network.copy()) {
      ModelFile.of(INFO, weights).save(directory);
    }
    return directory.resolve("model.safetensors");
  }

  @Test
  void refusesATaskOrAnObjectiveThatAreNotThoseOfTheModel() {
    JsonObject json = INFO.toJson();
    json.addProperty("task", "ranking");
    assertEquals(
        "model is of an unknown task: task=ranking, known=[link, regression]",
        assertThrows(BadInputException.class, () -> ModelInfo.fromJson(json)).getMessage());
    json.addProperty("task", "link");
    json.addProperty("decoder", "bilinear");
    assertEquals(
        "model has an unknown decoder: decoder=bilinear, known=[mlp]",
        assertThrows(BadInputException.class, () -> ModelInfo.fromJson(json)).getMessage());
    json.addProperty("decoder", "mlp");
    assertEquals(Decoder.MLP, ModelInfo.fromJson(json).decoder());
    assertEquals(ModelInfo.fromJson(json), ModelInfo.fromJson(ModelInfo.fromJson(json).toJson()));
    json.addProperty("task", "regression");
    assertEquals(
        "only a model of links has a decoder: decoder=MLP, answers=TARGETS",
        assertThrows(BadInputException.class, () -> ModelInfo.fromJson(json)).getMessage());
    ObjectiveText text = new ObjectiveText(Optional.of("mse"), Optional.of("mrr"));
    assertEquals(
        "loss does not fit what is predicted: loss=MSE, predicted=classes of nodes",
        assertThrows(BadInputException.class, () -> text.findLoss(AnswerKind.CLASSES))
            .getMessage());
    assertEquals(
        "metric does not fit what is predicted: metric=MRR, predicted=targets",
        assertThrows(BadInputException.class, () -> text.findMetric(AnswerKind.TARGETS))
            .getMessage());
    assertEquals(Optional.of(Loss.MSE), text.findLoss(AnswerKind.TARGETS));
  }

  @Test
  void isReadFromItsBytesAsFromItsFile() throws IOException {
    byte[] written = Files.readAllBytes(written());
    ModelFile file = ModelFile.ofBytes(written);
    assertArrayEquals(written, file.toBytes());
    assertArrayEquals(written, ModelFile.read(directory).toBytes());
    assertEquals(INFO, file.info());
    written[written.length - 1] ^= 1; // the model has a copy
    assertArrayEquals(Files.readAllBytes(directory.resolve("model.safetensors")), file.toBytes());
    String damaged =
        assertThrows(BadInputException.class, () -> ModelFile.ofBytes(written)).getMessage();
    assertTrue(damaged.startsWith("model is damaged, its checksum differs: file="), damaged);
    String text =
        assertThrows(BadInputException.class, () -> ModelFile.ofBytes(new byte[] {1, 2}))
            .getMessage();
    assertEquals("not a safetensors file: file=model.safetensors", text);
  }

  @Test
  void givesBackWhatWasWritten() {
    written();
    ModelFile file = ModelFile.read(directory);
    assertEquals(INFO, file.info());
    try (Network first = new Network(MODEL, 3, 2, 1);
        Network second = new Network(MODEL, 3, 2, 2)) {
      try (NDList weights = file.weights(second.manager())) {
        second.restore(weights);
      }
      try (NDList expected = first.copy();
          NDList found = second.copy()) {
        for (NDArray array : expected) {
          assertArrayEquals(
              array.toFloatArray(), found.get(array.getName()).toFloatArray(), array.getName());
        }
      }
    }
  }

  /** Whose checksum is right, because anyone who makes such a file can compute it. */
  @Test
  void refusesWeightsThatAreNotFinite() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      try (Network network = new Network(MODEL, 3, 2, 1);
          NDList weights = network.copy()) {
        weights.getLast().set(new NDIndex(0), value);
        ModelFile.of(INFO, weights).save(directory);
      }
      String message =
          assertThrows(BadInputException.class, () -> ModelFile.read(directory)).getMessage();
      assertTrue(message.startsWith("model has weights that are not finite: file="), message);
    }
  }

  @Test
  void everyModelIsGivenBackWithItsSettings() {
    for (GraphModel model :
        List.of(
            GraphSage.of(8, 3).aggregator(Aggregator.MAX).norm(Norm.LAYER).residual(true),
            Gcn.of(8, 2).activation(Nonlinearity.ELU),
            Gat.of(8, 2).heads(2),
            Gin.of(8, 2).dropout(0.25),
            SageRi.of(8, 3),
            JumpingKnowledge.of(8, 2).jump(Jump.MAX),
            Mlp.of(8, 1))) {
      ModelInfo info = new ModelInfo(model, 3, 2, false, "tiny", "0123", "10,5", 7, 4, 0.875);
      assertEquals(info, ModelInfo.fromJson(info.toJson()));
    }
  }

  @Test
  void refusesAKindThatIsNoModelOnTheClassPath() {
    for (String kind : List.of("no.such.Model", "java.lang.String", GraphModel.class.getName())) {
      JsonObject json = INFO.toJson();
      json.getAsJsonObject("model").addProperty("kind", kind);
      BadInputException e = assertThrows(BadInputException.class, () -> ModelInfo.fromJson(json));
      assertEquals(
          "unknown kind of model, and no model on the class path: kind="
              + kind
              + ", known=[gat, gatv2, gcn, gin, gine, jk, mlp, sage, sage-ri, weighted-gcn]",
          e.getMessage());
    }
  }

  @Test
  void refusesSizesThatAreNegativeOrHuge() {
    for (int size : new int[] {-1, 0, Integer.MAX_VALUE}) {
      for (String name : List.of("inputDim", "numClasses")) {
        JsonObject json = INFO.toJson();
        json.addProperty(name, size);
        BadInputException e = assertThrows(BadInputException.class, () -> ModelInfo.fromJson(json));
        assertTrue(e.getMessage().endsWith(name + "=" + size), e.getMessage());
      }
    }
  }

  @Test
  void followsTheSafetensorsFormat() throws IOException {
    byte[] bytes = Files.readAllBytes(written());
    int length = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    assertEquals(0, length % 8);
    assertEquals('{', bytes[8]);
    JsonObject header =
        JsonParser.parseString(new String(bytes, 8, length, StandardCharsets.UTF_8))
            .getAsJsonObject();
    for (JsonElement value : header.remove("__metadata__").getAsJsonObject().asMap().values()) {
      assertTrue(value.getAsJsonPrimitive().isString());
    }
    long dataBytes = 0;
    for (JsonElement tensor : header.asMap().values()) {
      assertEquals("F32", tensor.getAsJsonObject().get("dtype").getAsString());
      var offsets = tensor.getAsJsonObject().getAsJsonArray("data_offsets");
      dataBytes += offsets.get(1).getAsLong() - offsets.get(0).getAsLong();
    }
    assertEquals(bytes.length, 8 + length + dataBytes);
    assertEquals(10, header.size());
  }

  @Test
  @Tag("exhaustive")
  void everyChangedByteIsNoticed() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at += 3) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThrows(BadInputException.class, () -> ModelFile.read(directory), "byte " + at);
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThrows(BadInputException.class, () -> ModelFile.read(directory), "length " + length);
    }
  }

  @Test
  void whatAKilledProcessLeftNextToItIsDeleted() throws IOException {
    Path killed = directory.resolve(".model.safetensors.partial-" + NO_PROCESS + "-0");
    Files.writeString(killed, "half of an older model");
    written();
    assertEquals(INFO, ModelFile.read(directory).info());
    assertFalse(Files.exists(killed));
  }

  @Test
  void refusesADirectoryWithoutAModel() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> ModelFile.read(directory.resolve("none")));
    assertTrue(e.getMessage().startsWith("there is no model: file="), e.getMessage());
  }

  @Test
  void refusesWeightsOfAnotherModelAndNamesTheFirst() {
    written();
    ModelFile file = ModelFile.read(directory);
    assertMisfit(file, MODEL.norm(Norm.NONE), 3, "found=10");
    assertMisfit(file, GraphSage.of(6, 2), 3, "parameter=conv.0.weight_neighbor");
    assertMisfit(file, MODEL, 4, "expected=(5, 4), found=(5, 3)");
    assertMisfit(file, Mlp.of(5, 2), 3, "parameter=linear.0.weight");
  }

  private static void assertMisfit(ModelFile file, GraphModel model, int dim, String message) {
    try (Network other = new Network(model, dim, 2, 1);
        NDList weights = file.weights(other.manager())) {
      BadInputException e = assertThrows(BadInputException.class, () -> other.restore(weights));
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
  }

  @Test
  void aTrainerGoesOnFromWhatAnotherSaved() {
    try (GraphDataset data = Planted.dataset()) {
      FitResult result;
      try (GraphTrainer trainer =
          GraphTrainer.builder(data).model(MODEL).fanout(5, 5).saveTo(directory).build()) {
        result = trainer.fit(3, TrainingListener.NONE);
      }
      ModelInfo info = ModelFile.read(directory).info();
      assertEquals(result.bestEpoch() + 1, info.epoch());
      assertEquals(result.valid().accuracy(), info.validAccuracy());
      assertEquals("planted", info.dataset());
      assertEquals(data.fingerprint(), info.fingerprint());
      try (GraphTrainer trainer =
          GraphTrainer.builder(data).model(info.model()).fanout(5, 5).build()) {
        trainer.loadWeights(directory);
        assertEquals(result.test(), trainer.evaluate(Split.TEST));
      }
    }
  }
}
