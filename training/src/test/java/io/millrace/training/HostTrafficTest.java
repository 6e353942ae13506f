package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.training.torch.Scalars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Where values pass between host and device, as the compiled classes tell: on a GPU the host waits
 * at each such call until the GPU is done.
 */
class HostTrafficTest {
  /** At the end of an epoch, or of many batches, or outside training; none of them in a step. */
  private static final Set<String> READERS =
      Set.of(
          "ClassScores",
          "Fingerprint",
          "DeferredScores",
          "Evaluator", // what a user asks to predict
          "HostArrays", // once an epoch, with several ranks
          "LinkScores",
          "MfgTensors",
          "MultiLabelScores",
          "PairScorer", // the decoder's weights, once an evaluation
          "PassRun",
          "ScoreExchange", // evaluations with several ranks
          "Scores", // for a metric of the user's own
          "ScoringLane", // what a request asks for
          "SharedContextCheck",
          "SplitScores",
          "TargetScores");

  /** When something is built or read from a file, and the pairs of a batch of links. */
  private static final Set<String> WRITERS =
      Set.of("Criterion", "HostArrays", "PairLoss", "SafetensorsFile");

  /** Batches that DJL copies, what comes back late, and what inference and files take. */
  private static final Set<String> COPIERS =
      Set.of(
          "BatchTensors",
          "Checkpoint",
          "DeferredScores",
          "HighDegreeRow",
          "HostArrays",
          "NamedArrays",
          "Network",
          "PassRun");

  @Test
  void noArrayMeetsANumberOfJavas() throws Exception {
    assertEquals(Set.of(), classesThatCall(it -> it.type().stringValue().contains("Number;")));
  }

  @Test
  void valuesComeFromTheDeviceInFewPlaces() throws Exception {
    assertEquals(
        READERS,
        classesThatCall(
            it ->
                it.name()
                    .stringValue()
                    .matches("to(\\w+Array|ByteBuffer)|get(Float|Double|Int|Long|Boolean|Byte)")));
  }

  @Test
  void valuesGoToTheDeviceInFewPlaces() throws Exception {
    assertEquals(
        WRITERS,
        classesThatCall(
            it ->
                it.name().equalsString("set")
                    || it.name().equalsString("create")
                        && !it.type().stringValue().startsWith("(Lai/djl/ndarray/types/Shape;")));
  }

  @Test
  void arraysAreCopiedBetweenHostAndDeviceInFewPlaces() throws Exception {
    assertEquals(
        COPIERS, classesThatCall(it -> it.name().stringValue().matches("toDevice|onHost")));
  }

  private static Set<String> classesThatCall(Predicate<MemberRefEntry> call) throws Exception {
    try (Stream<Path> files = Files.walk(classes())) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(HostTrafficTest::parse)
          .filter(
              model ->
                  StreamSupport.stream(model.constantPool().spliterator(), false)
                      .anyMatch(
                          it ->
                              it instanceof MemberRefEntry member
                                  && isOfArrays(member)
                                  && call.test(member)))
          .map(model -> simpleName(model.thisClass().asInternalName()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static boolean isOfArrays(MemberRefEntry member) {
    return Set.of("NDArray", "NDManager", "PtNDArray", "PtNDManager", "NamedArrays")
        .contains(simpleName(member.owner().asInternalName()));
  }

  private static String simpleName(String internalName) {
    return internalName.replaceFirst(".*/", "").replaceFirst("\\$.*", "");
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(Scalars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
