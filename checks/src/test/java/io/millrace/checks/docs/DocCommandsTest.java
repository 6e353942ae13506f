package io.millrace.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command lines of the pages are run. A block {@code sh} runs in every build, in one folder per
 * page and in the page's order; {@code sh exhaustive} with the tests that take minutes; {@code sh
 * ci} is in {@code .ci/run}. What cannot run in a test is {@code sh norun} and listed here; of all
 * {@code ./millrace} lines names and values of the options are checked.
 */
class DocCommandsTest {
  /** Beginnings of the lines that no test runs, with the reason. */
  private static final List<String> NOT_RUN =
      List.of(
          "./millrace get ", // downloads from OGB's server
          "./millrace bundle", // .ci/bundle runs it: needs jlink and a packed command
          "./millrace bench transfer", // needs a GPU
          "./millrace train data/mine --device gpu", // needs a GPU
          "./millrace train DATASET --ranks", // its DATASET is the reader's: RanksCommandTest
          "./millrace train data/parts", // processes and machines: PartitionCommandTest
          "./millrace train DATASET --hosts", // several machines: RanksCommandTest
          "keytool ", // of the JDK; the stores that TLS needs: RanksCommandTest
          "mpirun ", // an MPI of the reader's: MpiCommandTest
          "srun ", // the same by Slurm
          "./millrace serve ", // runs until it is told to end: ServeCommandTest
          "export PYTORCH_", // a libtorch of the reader's
          ".ci/gpu-kit", // needs a libtorch with CUDA
          "./millrace generate rmat --nodes 2097152", // minutes, and gigabytes
          "./millrace generate chung-lu --nodes 2449029", // the same
          "./millrace bench jmh", // starts JVMs from the command's jars; .ci/run lists them
          "build/format", // changes the sources
          "build/test"); // would run tests inside a test

  private static final String MAKE_FOLDER = "mkdir -p ";

  @Test
  @Tag("exhaustive")
  void runsTheShortCommands(@TempDir Path folder) throws IOException {
    int numRun = run("", folder);
    assertTrue(numRun >= 15, "only " + numRun + " lines were run");
  }

  @Tag("exhaustive")
  @Test
  void runsTheLongCommands(@TempDir Path folder) throws IOException {
    int numRun = run("exhaustive", folder);
    assertTrue(numRun >= 20, "only " + numRun + " lines were run");
  }

  @Test
  void everyOptionThatIsShownExists() {
    List<String> refused = new ArrayList<>();
    for (DocBlock block : shellBlocks()) {
      for (String line : block.commands()) {
        if (!line.startsWith(DocCommand.PREFIX) || line.startsWith("./millrace bench jmh")) {
          continue; // JMH's options are JMH's
        }
        CommandRun outcome = DocCommand.parse(line).parseOnly();
        if (outcome.exitCode() != 0) {
          refused.add(block.place() + ": " + line + ": " + outcome.err());
        }
      }
    }
    assertEquals(List.of(), refused);
  }

  @Test
  void whatCiRunsIsThere() {
    String ci = DocBlock.read(".ci/run");
    List<String> missing =
        shellBlocks().stream()
            .filter(block -> block.mode().equals("ci"))
            .flatMap(block -> block.commands().stream())
            .filter(line -> !ci.contains(line))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void whatIsNotRunIsListed() {
    Set<String> unused = new TreeSet<>(NOT_RUN);
    List<String> unlisted = new ArrayList<>();
    for (DocBlock block : shellBlocks()) {
      if (block.mode().equals("norun")) {
        for (String line : block.commands()) {
          List<String> beginnings = NOT_RUN.stream().filter(line::startsWith).toList();
          unused.removeAll(beginnings);
          if (beginnings.isEmpty()) {
            unlisted.add(block.place() + ": " + line);
          }
        }
      }
    }
    assertEquals(List.of(), unlisted);
    assertEquals(Set.of(), unused, "listed but in no page");
  }

  private static List<DocBlock> shellBlocks() {
    return DocBlock.all().stream().filter(block -> block.language().equals("sh")).toList();
  }

  private static int run(String mode, Path folder) throws IOException {
    int numRun = 0;
    String page = "";
    Path work = folder;
    for (DocBlock block : shellBlocks()) {
      if (!block.mode().equals(mode)) {
        continue;
      }
      if (!block.page().equals(page)) {
        page = block.page();
        work = Files.createDirectories(folder.resolve(page.replace('/', '-')));
        StandIns.makeIn(work);
      }
      for (String line : block.commands()) {
        if (line.startsWith(MAKE_FOLDER)) {
          Files.createDirectories(work.resolve(line.substring(MAKE_FOLDER.length())));
          continue;
        }
        CommandRun outcome = DocCommand.parse(line).runIn(work);
        assertEquals(0, outcome.exitCode(), block.place() + ": " + line + "\n" + outcome.err());
        numRun++;
      }
    }
    return numRun;
  }
}
