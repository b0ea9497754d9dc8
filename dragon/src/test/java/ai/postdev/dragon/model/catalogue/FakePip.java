package ai.postdev.dragon.model.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A command that behaves as Python that runs {@code pip download}, with a folder in place of a registry. */
final class FakePip {
    private static final String SCRIPT = """
            #!/bin/sh
            # one line for each call, to be looked at
            echo $* >> INDEX/calls
            for argument; do
              case "$argument" in
                --dest=*) dest="${argument#--dest=}" ;;
                --requirement=*) list="${argument#--requirement=}" ;;
              esac
            done
            cat "$list" >> INDEX/wanted
            [ -f INDEX/script ] && . INDEX/script
            while read -r wanted _; do
              name=$(echo "${wanted%%==*}" | tr '.-' '__')
              case "$wanted" in *==*) version="${wanted##*==}" ;; *) version='*' ;; esac
              found=$(ls INDEX/$name-$version-py3-none-any.whl 2>/dev/null | tail -1)
              if [ -z "$found" ]; then
                echo "ERROR: Could not find a version that satisfies the requirement $wanted" >&2
                echo "ERROR: No matching distribution found for $wanted" >&2
                exit 1
              fi
              cp "$found" "$dest/"
            done < "$list"
            """;

    private FakePip() {}

    /** The command. */
    static String in(Path index) throws IOException {
        Files.createDirectories(index);
        Path script = index.resolve("python3");
        Files.writeString(script, SCRIPT.replace("INDEX", index.toString()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    /** Shell that runs before anything is fetched. */
    static void before(Path index, String shell) throws IOException {
        Files.writeString(index.resolve("script"), shell + "\n");
    }
}
