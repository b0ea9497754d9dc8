package ai.postdev.developer.content;

import ai.postdev.actors.code.Language;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files that are never read because of what they are for: holding keys and passwords. Told from the path alone, before
 * the file is opened. Templates ({@code .env.example}) and public halves ({@code id_rsa.pub}) are no secrets.
 */
public final class SecretFiles {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry(".npmrc", "registry tokens of npm"),
            Map.entry(".yarnrc.yml", "registry tokens of yarn"),
            Map.entry(".pypirc", "upload passwords of Python packages"),
            Map.entry(".netrc", "passwords of network logins"),
            Map.entry("_netrc", "passwords of network logins"),
            Map.entry(".git-credentials", "passwords of git"),
            Map.entry(".pgpass", "passwords of PostgreSQL"),
            Map.entry("pgpass.conf", "passwords of PostgreSQL"),
            Map.entry(".my.cnf", "passwords of MySQL"),
            Map.entry(".mylogin.cnf", "passwords of MySQL"),
            Map.entry(".htpasswd", "password hashes of a web server"),
            Map.entry(".dockercfg", "registry passwords of Docker"),
            Map.entry(".s3cfg", "keys of S3"),
            Map.entry(".boto", "keys of a cloud"),
            Map.entry(".vault-token", "a token of Vault"),
            Map.entry(".vault_pass", "the password of an Ansible vault"),
            Map.entry(".vault_pass.txt", "the password of an Ansible vault"),
            Map.entry(".terraformrc", "tokens of Terraform"),
            Map.entry("terraform.rc", "tokens of Terraform"),
            Map.entry("terraform.tfstate", "state of Terraform, which holds secrets in the clear"),
            Map.entry("terraform.tfstate.backup", "state of Terraform, which holds secrets in the clear"),
            Map.entry("kubeconfig", "keys of a Kubernetes cluster"),
            Map.entry("master.key", "the key of Rails' credentials"),
            Map.entry("credentials.json", "credentials"),
            Map.entry("client_secret.json", "credentials of an OAuth client"),
            Map.entry("service-account.json", "the key of a service account"),
            Map.entry("service_account.json", "the key of a service account"),
            Map.entry("serviceaccountkey.json", "the key of a service account"),
            Map.entry("application_default_credentials.json", "credentials of Google Cloud"),
            Map.entry("secrets.yml", "secrets"),
            Map.entry("secrets.yaml", "secrets"),
            Map.entry("secrets.json", "secrets"),
            Map.entry("secrets.toml", "secrets"),
            Map.entry("secrets.properties", "secrets"),
            Map.entry("secrets.env", "secrets"),
            Map.entry("wp-config.php", "passwords of WordPress"),
            Map.entry("logins.json", "stored passwords of a browser"),
            Map.entry("key4.db", "keys of a browser's passwords"),
            Map.entry(".bash_history", "commands with passwords in them"),
            Map.entry(".zsh_history", "commands with passwords in them"),
            Map.entry(".psql_history", "commands with passwords in them"),
            Map.entry(".mysql_history", "commands with passwords in them"));

    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("pem", "a key or certificate"),
            Map.entry("key", "a private key"),
            Map.entry("p12", "a key store"),
            Map.entry("pfx", "a key store"),
            Map.entry("p8", "a private key"),
            Map.entry("pkcs12", "a key store"),
            Map.entry("jks", "a Java key store"),
            Map.entry("jceks", "a Java key store"),
            Map.entry("bks", "a Java key store"),
            Map.entry("keystore", "a Java key store"),
            Map.entry("ppk", "a private key of PuTTY"),
            Map.entry("keychain", "a key chain"),
            Map.entry("kdbx", "a password database"),
            Map.entry("kdb", "a password database"),
            Map.entry("agekey", "a private key of age"),
            Map.entry("ovpn", "keys of a VPN"),
            Map.entry("mobileprovision", "a signing profile"),
            Map.entry("gpg", "encrypted or key material"),
            Map.entry("tfvars", "variables of Terraform, which often are secrets"),
            Map.entry("tfstate", "state of Terraform, which holds secrets in the clear"));

    private static final Set<String> TEMPLATES =
            Set.of("example", "sample", "template", "dist", "defaults", "schema", "md", "tmpl", "tpl", "erb", "j2");

    private static final List<String> SSH_KEYS = List.of("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_xmss");

    /** Folder and name that only together tell. */
    private static final Map<String, String> PLACES = Map.ofEntries(
            Map.entry(".aws/credentials", "keys of AWS"),
            Map.entry(".aws/config", "settings and keys of AWS"),
            Map.entry(".kube/config", "keys of a Kubernetes cluster"),
            Map.entry(".docker/config.json", "registry passwords of Docker"),
            Map.entry(".config/gh/hosts.yml", "tokens of GitHub"),
            Map.entry(".config/hub", "tokens of GitHub"),
            Map.entry(".cargo/credentials", "tokens of crates.io"),
            Map.entry(".cargo/credentials.toml", "tokens of crates.io"),
            Map.entry(".gem/credentials", "tokens of RubyGems"),
            Map.entry(".m2/settings-security.xml", "the master password of Maven"),
            Map.entry(".azure/accesstokens.json", "tokens of Azure"),
            Map.entry(".azure/msal_token_cache.json", "tokens of Azure"),
            Map.entry(".git/config", "remote addresses, which may hold tokens"),
            Map.entry(".streamlit/secrets.toml", "secrets"),
            Map.entry("config/credentials.yml.enc", "encrypted credentials"),
            Map.entry("etc/shadow", "password hashes of the system"));

    private static final int PLACE_NAMES_MAX = 3;

    private static final Set<String> FOLDERS = Set.of(".ssh", ".gnupg", ".password-store");

    private SecretFiles() {}

    /**
     * Why a file must not be read; empty if it may be.
     *
     * @param path with {@code /} between folders, relative or absolute; letter case does not matter
     */
    public static Optional<String> reason(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        int slash = lower.lastIndexOf('/');
        String name = lower.substring(slash + 1);
        if (isTemplate(name)) {
            return Optional.empty();
        }
        String byName = NAMES.get(name);
        if (byName != null) {
            return told(byName);
        }
        if (isEnvironment(name)) {
            return told("environment settings, which hold passwords and tokens");
        }
        if (SSH_KEYS.stream().anyMatch(key -> name.startsWith(key) && !name.endsWith(".pub"))) {
            return told("a private key of SSH");
        }
        int dot = name.lastIndexOf('.');
        String byExtension = dot > 0 || dot == 0 && name.length() > 1 ? EXTENSIONS.get(name.substring(dot + 1)) : null;
        if (byExtension != null) {
            return told(byExtension);
        }
        if (name.equals("credentials") || name.startsWith("credentials.") && !isSource(name)) {
            return told("credentials");
        }
        if (name.contains("service-account") && name.endsWith(".json")
                || name.startsWith("client_secret") && name.endsWith(".json")) {
            return told("the key of a service account");
        }
        String byPlace = byPlace(lower);
        if (byPlace != null) {
            return told(byPlace);
        }
        if (slash >= 0) {
            for (String folder : lower.substring(0, slash).split("/")) {
                if (FOLDERS.contains(folder) && !name.endsWith(".pub") && !name.equals("known_hosts")) {
                    return told("it lies in " + folder);
                }
            }
        }
        return Optional.empty();
    }

    /** What lies at a place that the last two or three names of the path tell; null if none does. */
    private static String byPlace(String lower) {
        int from = lower.lastIndexOf('/');
        for (int names = 2; names <= PLACE_NAMES_MAX && from >= 0; names++) {
            from = lower.lastIndexOf('/', from - 1);
            String what = PLACES.get(lower.substring(from + 1));
            if (what != null) {
                return what;
            }
        }
        return null;
    }

    private static Optional<String> told(String what) {
        return Optional.of("secret file, never read: " + what);
    }

    private static boolean isTemplate(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && TEMPLATES.contains(name.substring(dot + 1))
                || name.startsWith(".env.") && TEMPLATES.stream().anyMatch(t -> name.contains("." + t))
                || name.endsWith("-example")
                || name.endsWith("_example");
    }

    private static boolean isEnvironment(String name) {
        return name.equals(".env")
                || name.startsWith(".env.")
                || name.startsWith(".env-")
                || name.startsWith(".env_")
                || name.equals(".envrc")
                || name.endsWith(".env") && !isSource(name);
    }

    /** Program text about credentials is code like any other; the redactor looks into it. */
    private static boolean isSource(String name) {
        return Language.ofPath(name) != Language.TEXT
                && !name.endsWith(".json")
                && !name.endsWith(".yml")
                && !name.endsWith(".yaml")
                && !name.endsWith(".toml")
                && !name.endsWith(".xml");
    }
}
