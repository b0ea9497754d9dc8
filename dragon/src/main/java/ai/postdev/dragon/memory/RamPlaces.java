package ai.postdev.dragon.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses where a RAM disk makes its files: what is asked for, as far as this machine allows it, and says what it is not. */
final class RamPlaces {
    private static final Logger LOG = LoggerFactory.getLogger(RamPlaces.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String RAM_FILE_SYSTEM = "tmpfs";
    private static final Path SHARED = Path.of("/dev/shm");
    /** A shared place must be able to hold this part of the budget, or an own one is tried. */
    private static final int SHARED_PART = 2;

    /** What is asked of the machine. */
    interface Machine {
        boolean isMac();

        /** The type of the file system of a folder; empty if there is no such folder. */
        Optional<String> fileSystem(Path folder) throws IOException;

        /** Bytes of the file system of a folder. */
        long capacity(Path folder) throws IOException;

        /** A place of this process's own of so many bytes. */
        RamPlace own(long bytes) throws IOException;
    }

    private RamPlaces() {}

    /** This machine. @param folder for the files and mounts of one home, on its disk */
    static Machine machine(Path folder) {
        HostCommands commands = new SystemCommands(PATIENCE);
        return new Machine() {
            @Override
            public boolean isMac() {
                return System.getProperty("os.name", "")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("mac");
            }

            @Override
            public Optional<String> fileSystem(Path of) throws IOException {
                return Files.isDirectory(of)
                        ? Optional.of(Files.getFileStore(of).type())
                        : Optional.empty();
            }

            @Override
            public long capacity(Path of) throws IOException {
                return Files.getFileStore(of).getTotalSpace();
            }

            @Override
            public RamPlace own(long bytes) throws IOException {
                return isMac() ? new RamVolume(commands, folder).open(bytes) : TmpfsMount.open(commands, folder, bytes);
            }
        };
    }

    /**
     * The best place that there is.
     *
     * @param wanted {@code auto}, {@code mount}, a folder, or nothing
     * @param budget of the process, in bytes
     * @param ownBytes of a place of its own, where it has a size
     */
    static RamPlace choose(String wanted, Machine machine, long budget, long ownBytes) {
        try {
            return switch (wanted) {
                case "" -> RamPlace.none("");
                case "auto" -> auto(machine, budget, ownBytes);
                case "mount" -> ownOr(machine, ownBytes, shared(machine));
                default -> folder(Path.of(wanted), machine);
            };
        } catch (IOException | UnsupportedOperationException e) {
            return RamPlace.none(
                    (wanted.startsWith("/") ? wanted : "a RAM disk") + " cannot be used: " + e.getMessage());
        }
    }

    private static RamPlace auto(Machine machine, long budget, long ownBytes) throws IOException {
        Optional<RamPlace> shared = shared(machine);
        if (shared.isPresent() && machine.capacity(SHARED) >= budget / SHARED_PART) {
            return shared.get();
        }
        if (machine.isMac()) {
            return RamPlace.none(""); // a volume takes a second to make and each byte twice: only if it is asked for
        }
        return ownOr(machine, ownBytes, shared);
    }

    private static Optional<RamPlace> shared(Machine machine) throws IOException {
        return machine.fileSystem(SHARED).filter(RAM_FILE_SYSTEM::equals).isPresent()
                ? Optional.of(RamPlace.at(RamPlace.Mode.SHARED, SHARED, ""))
                : Optional.empty();
    }

    private static RamPlace ownOr(Machine machine, long ownBytes, Optional<RamPlace> other) {
        try {
            return machine.own(ownBytes);
        } catch (IOException e) {
            LOG.info("no RAM file system of this node's own: {}", e.getMessage());
            return other.orElseGet(() -> RamPlace.none("no RAM file system can be had: " + e.getMessage()));
        }
    }

    private static RamPlace folder(Path folder, Machine machine) throws IOException {
        Optional<String> type = machine.fileSystem(folder);
        if (type.isEmpty()) {
            return RamPlace.none("there is no " + folder);
        }
        return type.get().equals(RAM_FILE_SYSTEM)
                ? RamPlace.at(RamPlace.Mode.SHARED, folder, "")
                : RamPlace.at(
                        RamPlace.Mode.DIRECTORY,
                        folder,
                        folder + " is no RAM file system but " + type.get()
                                + ": the system writes to the disk what lies there");
    }
}
