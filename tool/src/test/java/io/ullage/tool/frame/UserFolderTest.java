package io.ullage.tool.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFolderTest {
  @TempDir Path home;

  @Test
  void liesInTheStateFolderOfTheUser() {
    assertThat(new UserFolder(Map.of("XDG_STATE_HOME", "/s", "HOME", "/h")).path())
        .isEqualTo(Path.of("/s/ullage"));
    assertThat(new UserFolder(Map.of("XDG_STATE_HOME", "s", "HOME", home.toString())).path())
        .isEqualTo(home.resolve(".local/state/ullage"));
    assertThat(new UserFolder(Map.of()).path().getFileName().toString()).startsWith("ullage-");
  }

  @Test
  void isMadeForItsOwnerAlone() throws IOException {
    Path made = new UserFolder(Map.of("HOME", home.toString())).prepare();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    assertThat(UserFolder.preparePrivate(made)).isEqualTo(made);
  }

  @Test
  void refusesAFolderThatOthersCanEnter() throws IOException {
    Path open = Files.createDirectory(home.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(() -> UserFolder.preparePrivate(open))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(open.toString())
        .hasMessageContaining("chmod 700");
  }

  @Test
  void refusesASymbolicLink() throws IOException {
    Path folder = UserFolder.preparePrivate(home.resolve("private"));
    Path link = Files.createSymbolicLink(home.resolve("link"), folder);
    assertThatThrownBy(() -> UserFolder.preparePrivate(link))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is not a folder");
  }
}
