package ai.postdev.developer.watch;

import ai.postdev.actors.op.Origin;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.ProjectIdentity;
import ai.postdev.developer.ingest.TextIntake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where and for whom a workspace works: what stays the same however often its folder comes and goes.
 *
 * @param identity as it was when the folder was first seen
 * @param home of the node; never read into the lake
 * @param gitInstalled whether the git program may be used
 */
record WorkspaceSeat(
        WatchSettings settings,
        ProjectIdentity identity,
        Path home,
        Origin origin,
        TextIntake intake,
        boolean gitInstalled) {
    /**
     * Opens the folder as it is now. Blocking.
     *
     * @throws IOException if it is missing or unreadable, or belongs to another project by now
     */
    WorkspaceDisk open() throws IOException {
        Path root = identity.root();
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " is not there (deleted or moved); it is watched again when it returns");
        }
        if (!identity.isMadeUp() && GitFolder.at(root).isEmpty()) {
            // Before anybody makes up an id for it: that would stay, and the repository could never return to its own.
            throw new IOException(root + " has no repository any more ("
                    + GitFolder.broken(root).orElse("its .git is gone")
                    + "); what is remembered of it stays, and it is watched again when that returns");
        }
        ProjectIdentity now = ProjectIdentity.of(root, home, origin, gitInstalled);
        if (!now.project().equals(identity.project())) {
            throw new IOException(root + " holds another project now (" + now.project() + ", was " + identity.project()
                    + "); run `postdevai up` on it to remember it as such");
        }
        // The workspace is the one of the list: what was remembered elsewhere may go on in this folder.
        return WorkspaceDisk.open(now.of(identity.workspace()), settings, intake, home, gitInstalled);
    }
}
