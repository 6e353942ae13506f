package io.millrace.training.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Norm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PygNamesTest {
  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  /** What {@code safetensors.torch.save_file(model.state_dict(), path)} writes, byte by byte. */
  private Path file(Map<String, int[]> shapes) throws IOException {
    StringBuilder header = new StringBuilder("{");
    int offset = 0;
    for (var entry : shapes.entrySet()) {
      boolean counter = entry.getKey().endsWith("num_batches_tracked");
      int bytes = counter ? Long.BYTES : Float.BYTES;
      for (int size : entry.getValue()) {
        bytes *= size;
      }
      header.append(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]},"
              .formatted(
                  entry.getKey(),
                  counter ? "I64" : "F32",
                  java.util.Arrays.toString(entry.getValue()).replace(" ", ""),
                  offset,
                  offset + bytes));
      offset += bytes;
    }
    header.setCharAt(header.length() - 1, '}');
    header.append(" ".repeat(-header.length() & 7));
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length() + offset).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.toString().getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; bytes.hasRemaining(); i++) {
      bytes.putFloat(i / 8f);
    }
    return Files.write(folder.resolve("pyg.safetensors"), bytes.array());
  }

  /** A GraphSAGE of 3 features, 2 hidden values, 2 classes. */
  private static Map<String, int[]> shapes(String norm) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("convs.0.lin_l.bias", new int[] {2}); // 0, 1
    shapes.put("convs.0.lin_l.weight", new int[] {2, 3}); // 2 to 7
    shapes.put("convs.0.lin_r.weight", new int[] {2, 3}); // 8 to 13
    shapes.put("convs.1.lin_l.bias", new int[] {2});
    shapes.put("convs.1.lin_l.weight", new int[] {2, 2});
    shapes.put("convs.1.lin_r.weight", new int[] {2, 2});
    shapes.put(norm + "bias", new int[] {2}); // 24, 25
    shapes.put(norm + "num_batches_tracked", new int[0]); // 26, 27
    shapes.put(norm + "running_mean", new int[] {2}); // 28, 29
    shapes.put(norm + "running_var", new int[] {2});
    shapes.put(norm + "weight", new int[] {2}); // 32, 33
    return shapes;
  }

  @Test
  void weightsByPygsNamesTakeTheirPlaces() throws IOException {
    for (String norm : new String[] {"norms.0.module.", "norms.0.", "bns.0.", "bns.0.module."}) {
      Path path = file(shapes(norm));
      try (Network network = new Network(GraphSage.of(2, 2), 3, 2, 1)) {
        try (NDList weights = PygNames.read(path, network.manager())) {
          network.restore(weights);
        }
        try (NDList found = network.copy()) {
          assertValues(found, "conv.0.bias", 0, 1);
          assertValues(found, "conv.0.weight_neighbor", 2, 3, 4, 5, 6, 7);
          assertValues(found, "conv.0.weight_self", 8, 9, 10, 11, 12, 13);
          assertValues(found, "conv.1.weight_self", 20, 21, 22, 23);
          assertValues(found, "norm.0.bias", 24, 25);
          assertValues(found, "norm.0.running_mean", 28, 29);
          assertValues(found, "norm.0.running_var", 30, 31);
          assertValues(found, "norm.0.weight", 32, 33);
        }
      }
    }
  }

  private static void assertValues(NDList weights, String name, float... eighths) {
    NDArray array = weights.get(name);
    for (int i = 0; i < eighths.length; i++) {
      eighths[i] /= 8;
    }
    assertArrayEquals(eighths, array.toFloatArray(), name);
  }

  @Test
  void aTensorThatNoGraphSageHasIsNamed() throws IOException {
    Map<String, int[]> shapes = shapes("norms.0.");
    shapes.put("lin.weight", new int[] {2, 2});
    Path path = file(shapes);
    try (Network network = new Network(GraphSage.of(2, 2), 3, 2, 1)) {
      BadInputException e =
          assertThrows(
              BadInputException.class, () -> PygNames.read(path, network.manager()).close());
      assertEquals(
          "tensor does not belong to PyG's GraphSAGE: file=" + path + ", tensor=lin.weight",
          e.getMessage());
    }
  }

  @Test
  void aModelGoesToPygAndBack() throws IOException {
    Path directory = folder.resolve("model");
    Path exported = folder.resolve("exported.safetensors");
    try (GraphDataset data = Planted.dataset()) {
      TrainerBuilder builder =
          GraphTrainer.builder(data).model(GraphSage.of(8, 2)).fanout(3, 3).computeThreads(1);
      Evaluation test;
      try (GraphTrainer trainer = builder.saveTo(directory).build()) {
        test = trainer.fit(2, TrainingListener.NONE).test();
      }
      ModelFile.read(directory).exportToPyg(exported);
      try (GraphTrainer trainer = builder.build()) {
        trainer.loadWeights(exported);
        assertEquals(test, trainer.evaluate(Split.TEST));
      }
    }
    JsonObject header = header(exported);
    assertEquals("pt", header.remove("__metadata__").getAsJsonObject().get("format").getAsString());
    assertEquals(
        Set.of(
            "convs.0.lin_l.weight",
            "convs.0.lin_l.bias",
            "convs.0.lin_r.weight",
            "convs.1.lin_l.weight",
            "convs.1.lin_l.bias",
            "convs.1.lin_r.weight",
            "norms.0.module.weight",
            "norms.0.module.bias",
            "norms.0.module.running_mean",
            "norms.0.module.running_var"),
        header.keySet());
    assertEquals(
        "{\"dtype\":\"F32\",\"shape\":[8,8],\"data_offsets\":[0,256]}",
        header.get("convs.0.lin_l.weight").toString());
  }

  private static JsonObject header(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return JsonParser.parseString(new String(bytes, 8, length, StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  @Test
  void aModelThatPygsGraphSageCannotBeIsNotExported() {
    GraphSage plain = GraphSage.of(3, 2); // as wide as its input: a residual has no weights
    Path target = folder.resolve("other.safetensors");
    for (GraphModel model :
        new GraphModel[] {plain.residual(true), plain.norm(Norm.LAYER), Mlp.of(3, 2)}) {
      try (Network network = new Network(model, 3, 2, 1);
          NDList weights = network.copy()) {
        ModelInfo info = new ModelInfo(model, 3, 2, false, "d", "f", "5,5", 1, 2, 0.5);
        ModelFile.of(info, weights).save(folder);
      }
      BadInputException e =
          assertThrows(BadInputException.class, () -> ModelFile.read(folder).exportToPyg(target));
      assertEquals(
          "PyG has only the GraphSAGE without residuals and layer normalisation: model=" + model,
          e.getMessage());
      assertTrue(Files.notExists(target));
    }
  }

  @Test
  void aParameterThatNoGraphSageHasIsNotWritten() {
    Path target = folder.resolve("mlp.safetensors");
    try (Network network = new Network(Mlp.of(2, 2), 3, 2, 1);
        NDList weights = network.copy()) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> PygNames.write(target, weights));
      assertTrue(
          e.getMessage().startsWith("PyG's GraphSAGE has no such parameter: parameter="),
          e.getMessage());
      assertTrue(Files.notExists(target));
    }
  }
}
