package ai.postdev.dragon.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a process did to a folder.
 *
 * @param root the folder
 * @param before what was in it
 * @param events from start to end
 */
public record Recording(Path root, DiskImage before, List<DiskEvent> events) {
    /** A disk before the process started. */
    ModelDisk disk(ModelDisk.Lie lie) {
        return new ModelDisk(root.toString(), before, lie);
    }

    /** The numbers of events that notes or changes of names stand next to: where a cut is likeliest to show something. */
    int[] edges() {
        return IntStream.range(0, events.size())
                .filter(i -> switch (events.get(i)) {
                    case DiskEvent.Marked _,
                            DiskEvent.Renamed _,
                            DiskEvent.Removed _,
                            DiskEvent.Linked _,
                            DiskEvent.MadeFolder _,
                            DiskEvent.SyncEnded _ -> true;
                    case DiskEvent.Opened opened -> opened.creates();
                    case DiskEvent.Duplicated _,
                            DiskEvent.Closed _,
                            DiskEvent.Wrote _,
                            DiskEvent.Resized _,
                            DiskEvent.SyncBegan _ -> false;
                })
                .toArray();
    }

    /** Everything that happened, with nothing lost, must give what is there: or the recorder missed something. */
    void requireComplete(DiskImage after) throws IOException {
        ModelDisk disk = disk(ModelDisk.Lie.NONE);
        events.forEach(disk::apply);
        String difference = disk.whole().difference(after);
        if (!difference.isEmpty()) {
            throw new IOException(
                    "the recorder missed a change of " + root + ": recorded and real differ: " + difference);
        }
    }
}
