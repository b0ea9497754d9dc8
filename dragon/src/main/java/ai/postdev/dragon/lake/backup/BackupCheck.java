package ai.postdev.dragon.lake.backup;

import ai.postdev.dragon.lake.backup.Manifest.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at a backup without changing it. Needs no node. Any one thread; blocks. */
public final class BackupCheck {
    private BackupCheck() {}

    /**
     * What a check found.
     *
     * @param moments that are whole or not
     * @param parts different ones that the moments name
     * @param bytes of these parts
     */
    public record Report(int moments, int parts, long bytes, List<Damage> damages) {
        public Report {
            damages = List.copyOf(damages);
        }
    }

    /**
     * A file that is not as it was written.
     *
     * @param file below the backup's folder
     * @param moments that cannot be restored because of it
     */
    public record Damage(String file, String found, List<String> moments) {
        public Damage {
            moments = List.copyOf(moments);
        }
    }

    /**
     * The moments, newest first.
     *
     * @param unreadable is told what is wrong with those that cannot be read
     * @throws BackupRefused if the folder is no backup that this version reads
     */
    public static List<Manifest> moments(Path dir, List<String> unreadable) throws IOException {
        BackupFolder folder = new BackupFolder(dir);
        folder.check();
        return folder.readable(unreadable);
    }

    /**
     * Reads every byte.
     *
     * @throws BackupRefused if the folder is no backup that this version reads
     */
    public static Report run(Path dir) throws IOException {
        BackupFolder folder = new BackupFolder(dir);
        folder.check();
        List<Damage> damages = new ArrayList<>();
        Map<Part, List<String>> parts = new LinkedHashMap<>();
        List<String> ids = folder.ids();
        for (String id : ids) {
            try {
                for (Manifest.Project project : folder.moment(id).projects()) {
                    project.parts()
                            .forEach(part -> parts.computeIfAbsent(part, _ -> new ArrayList<>())
                                    .add(id));
                }
            } catch (BackupRefused e) {
                String file = "moments/" + id + ".json";
                String found = e.getMessage();
                damages.add(new Damage(
                        file,
                        found.startsWith(file) ? found.substring(file.length()).strip() : found,
                        List.of(id)));
            }
        }
        for (Map.Entry<Part, List<String>> part : parts.entrySet()) {
            String found = folder.damage(part.getKey());
            if (!found.isEmpty()) {
                damages.add(new Damage(
                        BackupFolder.name(part.getKey()),
                        found,
                        part.getValue().stream().distinct().toList()));
            }
        }
        long bytes = parts.keySet().stream().mapToLong(Part::bytes).sum();
        return new Report(ids.size(), parts.size(), bytes, damages);
    }
}
