package ai.postdev.dragon.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A RAM volume of macOS: a device in RAM that {@code hdiutil} attaches, a file system on it, mounted where only its owner can
 * go. It does not go with the process, so its device is written down before it is used: whoever opens the next one in the same
 * place detaches what a killed process left. What the device's name alone says is not believed, as names are used again.
 */
final class RamVolume {
    private static final Logger LOG = LoggerFactory.getLogger(RamVolume.class);
    private static final int SECTOR = 512;
    private static final Pattern DEVICE = Pattern.compile("(/dev/disk\\d+)");
    private static final Pattern IMAGE = Pattern.compile("image-path\\s*:\\s*(\\S.*)");
    private static final Pattern ENTRY = Pattern.compile("(/dev/disk\\d+)(?:s\\d+)*\\t[^\\t]*\\t?(.*)");

    private final HostCommands commands;
    private final Path folder;
    private final Path record;

    /** @param folder where it is mounted; beside it lies what was written down about it */
    RamVolume(HostCommands commands, Path folder) {
        this.commands = commands;
        this.folder = folder;
        this.record = folder.resolveSibling(folder.getFileName() + ".device");
    }

    /** An image that is attached. @param mounted where, for each device of it that is */
    private record Attached(String image, String device, List<String> mounted) {}

    /**
     * Attaches, formats and mounts one.
     *
     * @param bytes of the volume; macOS takes them from RAM as they are written, and gives them back when it is detached
     * @throws IOException with the command that failed and what it said; nothing is left behind
     */
    RamPlace open(long bytes) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        detachLeft();
        String image = "ram://" + bytes / SECTOR;
        String device = device(commands.output("hdiutil", "attach", "-nomount", image), image);
        try {
            Files.writeString(record, image + "\n" + device + "\n");
            commands.output("newfs_hfs", "-v", "postdevai", device);
            commands.output("mount", "-t", "hfs", "-o", "nobrowse,nosuid,nodev,noexec", device, folder.toString());
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            detach(device);
            throw e;
        }
        return new RamPlace(
                RamPlace.Mode.VOLUME, Optional.of(folder), folder + " (" + device + ")", "", () -> detach(device));
    }

    private static String device(String printed, String image) throws IOException {
        Matcher matcher = DEVICE.matcher(printed.strip());
        if (!matcher.matches()) {
            throw new IOException("'hdiutil attach -nomount " + image + "' printed '" + printed.strip()
                    + "', expected the name of a device such as /dev/disk4");
        }
        return matcher.group(1);
    }

    /** Without force a volume that is still mapped would stay. */
    private void detach(String device) throws IOException {
        try {
            commands.output("hdiutil", "detach", device);
        } catch (IOException e) {
            LOG.debug("{} is detached by force: {}", device, e.getMessage());
            commands.output("hdiutil", "detach", device, "-force");
        }
        Files.deleteIfExists(record);
    }

    /** What was written down, or is mounted here, and is still a RAM image of that size. */
    private void detachLeft() throws IOException {
        List<String> written = Files.exists(record) ? Files.readAllLines(record) : List.of();
        for (Attached attached : attached(commands.output("hdiutil", "info"))) {
            boolean known = written.size() == 2
                    && attached.image().equals(written.get(0))
                    && attached.device().equals(written.get(1))
                    && (attached.mounted().isEmpty() || attached.mounted().contains(folder.toString()));
            if (attached.image().startsWith("ram://")
                    && (known || attached.mounted().contains(folder.toString()))) {
                detach(attached.device());
                LOG.info("an earlier process left the RAM volume {}; it was detached", attached.device());
            }
        }
        Files.deleteIfExists(record);
    }

    private static List<Attached> attached(String info) {
        List<Attached> found = new ArrayList<>();
        for (String block : info.split("(?m)^=+$")) {
            Matcher image = IMAGE.matcher(block);
            String device = "";
            List<String> mounted = new ArrayList<>();
            for (String line : block.lines().toList()) {
                Matcher entry = ENTRY.matcher(line);
                if (entry.matches()) {
                    device = device.isEmpty() ? entry.group(1) : device;
                    if (!entry.group(2).isBlank()) {
                        mounted.add(entry.group(2).strip());
                    }
                }
            }
            if (image.find() && !device.isEmpty()) {
                found.add(new Attached(image.group(1).strip(), device, mounted));
            }
        }
        return found;
    }
}
