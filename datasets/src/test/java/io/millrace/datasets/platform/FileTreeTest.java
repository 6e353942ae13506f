package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  @TempDir private Path folder;

  @Test
  void deletesAFolderWithAllInItButNotWhatALinkLeadsTo() throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "text");
    Path tree = folder.resolve("tree");
    Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(tree.resolve("a/b/file"), "text");
    Files.createSymbolicLink(tree.resolve("a/link"), kept);
    Files.createSymbolicLink(tree.resolve("all"), folder);
    FileTree.delete(tree);
    assertTrue(Files.notExists(tree, LinkOption.NOFOLLOW_LINKS));
    assertEquals("text", Files.readString(kept));
    FileTree.delete(tree); // is not there: nothing to do
  }
}
