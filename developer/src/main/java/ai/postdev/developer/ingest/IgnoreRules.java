package ai.postdev.developer.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which paths of one folder are left out: git's own rules ({@code .gitignore} at every level, {@code info/exclude}, the
 * global excludes, in git's order of precedence), and {@code .postdevaiignore} files of the same form.
 *
 * <p>Git's rules do not touch files that git tracks; {@code .postdevaiignore} does, and it can only leave out more. A
 * snapshot: ignore files are read once, when first needed, and a change of one asks for a new instance. Safe on any
 * thread; reads files, so never on an actor's default thread.
 */
public final class IgnoreRules {
    /** The name of git's ignore file. */
    public static final String GIT_IGNORE = ".gitignore";
    /** The name of this product's own ignore file. */
    public static final String OWN_IGNORE = ".postdevaiignore";

    private static final long IGNORE_FILE_BYTES_MAX = 4L << 20;

    private final Path root;
    private final boolean caseless;
    private final List<IgnoreFile> outer;
    private final ConcurrentHashMap<String, IgnoreFile> files = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Boolean> gitFolders = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Boolean> ownFolders = new ConcurrentHashMap<>();

    private IgnoreRules(Path root, boolean caseless, List<IgnoreFile> outer) {
        this.root = root;
        this.caseless = caseless;
        this.outer = outer;
    }

    /**
     * The rules of {@code root}.
     *
     * @param outer ignore files outside the tree, the strongest first: {@code info/exclude}, then the global excludes;
     *     absent ones count as empty
     * @param caseless git's {@code core.ignoreCase}
     */
    public static IgnoreRules of(Path root, List<Path> outer, boolean caseless) {
        List<IgnoreFile> parsed = new ArrayList<>();
        for (Path file : outer) {
            parsed.add(read(file, caseless));
        }
        return new IgnoreRules(root, caseless, List.copyOf(parsed));
    }

    /** Whether git leaves an untracked {@code path} out, itself or through a folder above it. */
    public boolean ignoredByGit(String path, boolean folder) {
        return ignored(path, folder, GIT_IGNORE, gitFolders, outer);
    }

    /** Whether a {@code .postdevaiignore} leaves {@code path} out, tracked or not. */
    public boolean ignoredByOwner(String path, boolean folder) {
        return ignored(path, folder, OWN_IGNORE, ownFolders, List.of());
    }

    /** Whether a change of the file at {@code path} changes these rules. */
    public static boolean isRuleFile(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.equals(GIT_IGNORE) || name.equals(OWN_IGNORE);
    }

    private boolean ignored(
            String path,
            boolean folder,
            String ruleFile,
            ConcurrentHashMap<String, Boolean> folders,
            List<IgnoreFile> beyond) {
        if (folder) {
            Boolean known = folders.get(path);
            if (known != null) {
                return known;
            }
        }
        int slash = path.lastIndexOf('/');
        boolean above = slash >= 0 && ignored(path.substring(0, slash), true, ruleFile, folders, beyond);
        boolean result = above || verdict(path, folder, ruleFile, beyond);
        if (folder) {
            folders.put(path, result);
        }
        return result;
    }

    private boolean verdict(String path, boolean folder, String ruleFile, List<IgnoreFile> beyond) {
        byte[] whole = IgnoreFile.bytes(path, caseless);
        int nameStart = lastSlash(whole, whole.length) + 1;
        byte[] name = nameStart == 0 ? whole : Arrays.copyOfRange(whole, nameStart, whole.length);
        int byteStart = nameStart;
        String base = path;
        do {
            int slash = base.lastIndexOf('/');
            base = slash < 0 ? "" : base.substring(0, slash);
            byte[] relative = byteStart == 0 ? whole : Arrays.copyOfRange(whole, byteStart, whole.length);
            IgnoreFile.Verdict verdict = ruleFile(base, ruleFile).verdict(relative, name, folder);
            if (verdict != IgnoreFile.Verdict.SILENT) {
                return verdict == IgnoreFile.Verdict.IGNORED;
            }
            byteStart = byteStart == 0 ? 0 : lastSlash(whole, byteStart - 1) + 1;
        } while (!base.isEmpty());
        for (IgnoreFile file : beyond) {
            IgnoreFile.Verdict verdict = file.verdict(whole, name, folder);
            if (verdict != IgnoreFile.Verdict.SILENT) {
                return verdict == IgnoreFile.Verdict.IGNORED;
            }
        }
        return false;
    }

    private static int lastSlash(byte[] bytes, int before) {
        int at = before - 1;
        while (at >= 0 && bytes[at] != '/') {
            at--;
        }
        return at;
    }

    private IgnoreFile ruleFile(String folder, String name) {
        String key = folder.isEmpty() ? name : folder + "/" + name;
        IgnoreFile known = files.get(key);
        if (known == null) {
            known = read(PathNames.resolve(root, key), caseless);
            files.put(key, known);
        }
        return known;
    }

    private static IgnoreFile read(Path file, boolean caseless) {
        try {
            boolean usable =
                    Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= IGNORE_FILE_BYTES_MAX;
            return usable
                    ? IgnoreFile.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), caseless)
                    : IgnoreFile.EMPTY;
        } catch (IOException e) {
            // as git: an ignore file that cannot be read has no rules; the scan reports it as unreadable
            return IgnoreFile.EMPTY;
        }
    }
}
