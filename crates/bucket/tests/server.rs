//! A store whose rolls lie in a bucket of a real server, which runs as a process of its own.
#![expect(clippy::unwrap_used, reason = "a panic in a helper of a test is a failing test")]

use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use bucket::{Bucket, BucketError};
use hyper_util::rt::{TokioExecutor, TokioIo};
use object_store::aws::AmazonS3Builder;
use roll::layout::Layouts;
use roll::schema::Table;
use roll::vault::{Compartment, Unlock, Vault};
use roll::{ImportRequest, Imported, Remote, SnapshotError, Store};
use terms::Jurisdiction;

/// Names the folder that a server serves; only then the test [`serve`] is one.
const SERVE: &str = "OPENROLL_TEST_BUCKET";

/// What the server prints before its port.
const PORT: &str = "serving at port ";

/// The server's side: another process runs this alone.
#[test]
fn serve() {
    let Some(folder) = std::env::var_os(SERVE) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut service = s3s::service::S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
        service.set_auth(s3s::auth::SimpleAuth::from_single("key", "secret"));
        let service = service.build();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("\n{PORT}{}", listener.local_addr().unwrap().port());
        let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let connection = server.serve_connection(TokioIo::new(socket), service.clone()).into_owned();
            tokio::spawn(connection);
        }
    });
}

struct Server {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
impl Server {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("rolls-of-states")).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "serve", "--nocapture"]).env(SERVE, folder.path()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| line.strip_prefix(PORT)?.parse().ok()).unwrap();
        Self { process, folder, port }
    }

    fn settings(&self, secret: &str) -> AmazonS3Builder {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let settings = AmazonS3Builder::new().with_endpoint(endpoint).with_allow_http(true).with_region("us-east-1");
        let retry = object_store::RetryConfig { max_retries: 1, ..Default::default() };
        settings.with_access_key_id("key").with_secret_access_key(secret).with_retry(retry)
    }

    fn bucket(&self) -> Bucket {
        Bucket::with(self.settings("secret"), "s3://rolls-of-states/office").unwrap()
    }

    /// Every object, as the server has it on its disk.
    fn objects(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(&self.folder.path().join("rolls-of-states"), &mut found);
        found.sort();
        found
    }
}

/// A machine with a store of its own, and the bucket that it shares with others.
struct Office {
    folder: tempfile::TempDir,
    store: Store,
    layouts: Layouts,
}

#[cfg(test)]
impl Office {
    fn new(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("store")).with_remote(Arc::new(server.bucket()));
        Self { folder, store, layouts: Layouts::built_in().unwrap() }
    }

    /// Another machine that got the keys from the first one.
    fn with_keys_of(server: &Server, other: &Self) -> Self {
        let office = Self::new(server);
        let (from, to) = (other.store.path().join("keys"), office.store.path().join("keys"));
        fs::create_dir_all(&to).unwrap();
        for name in ["keyring.age", "identity.txt"] {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
        office
    }

    fn vault(&self) -> Vault {
        self.store.vault_or_new(Unlock::default()).unwrap()
    }

    fn import(&self) -> Imported {
        let file = self.folder.path().join("ut.csv");
        fs::write(&file, include_bytes!("../../../fuzz/seeds/roll_ut/plain.csv")).unwrap();
        let request = ImportRequest::new(&self.layouts, "ut", vec![file], "2017-06-30".parse().unwrap());
        self.store.import(&request, &mut self.vault(), &()).unwrap()
    }

    fn ids(&self) -> Vec<String> {
        self.store.snapshots(utah()).unwrap().iter().map(|one| one.manifest().snapshot.clone()).collect()
    }

    /// A protected column of the only snapshot.
    fn births(&self) -> Result<usize, SnapshotError> {
        let snapshot = self.store.snapshots(utah())?.remove(0);
        let keys = self.vault().keys(&snapshot, [&Compartment::Roll, &Compartment::of(Table::Voter, "date_of_birth")]);
        Ok(snapshot.reader(keys.unwrap()).read_voters(0, &["date_of_birth"])?.num_rows())
    }

    fn list(&self, line: &str) -> PathBuf {
        let file = self.folder.path().join("list.csv");
        fs::write(&file, format!("voter_id,ground,since,until\n{line}")).unwrap();
        file
    }
}

fn utah() -> Jurisdiction {
    "UT".parse().unwrap()
}

#[test]
fn what_one_machine_imports_another_reads() {
    let server = Server::new();
    let one = Office::new(&server);
    let imported = one.import();
    assert!(imported.is_new && !one.import().is_new);
    let (list, day) = (one.list("1,judge,2017-01-01,\n"), "2017-06-30".parse().unwrap());
    let kept = one.store.import_protections(utah(), &list, day, &mut one.vault()).unwrap();
    assert!(kept.is_new);
    let other = Office::with_keys_of(&server, &one);
    assert_eq!(other.ids(), one.ids());
    assert_eq!(other.births().unwrap(), one.births().unwrap());
    other.store.snapshots(utah()).unwrap()[0].verify().unwrap();
    assert!(!other.import().is_new);
    assert_eq!(other.store.protections(utah(), None, &other.vault()).unwrap().unwrap().len(), 1);
    assert!(!other.store.import_protections(utah(), &list, day, &mut other.vault()).unwrap().is_new);
    // A copy that went bad is fetched again.
    let copy = other.store.snapshots(utah()).unwrap()[0].path().join("voter-00000.parquet");
    fs::write(&copy, "bad").unwrap();
    other.births().unwrap();
}

#[test]
fn the_bucket_holds_no_key_and_no_value_in_the_open() {
    let server = Server::new();
    let one = Office::new(&server);
    one.import();
    let list = one.list("00000177,judge,2017-01-01,\n");
    one.store.import_protections(utah(), &list, "2017-06-30".parse().unwrap(), &mut one.vault()).unwrap();
    let objects = server.objects();
    assert!(objects.len() > 4, "{objects:?}");
    let identity = fs::read_to_string(one.store.path().join("keys/identity.txt")).unwrap();
    let secret = identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
    for object in objects {
        let bytes = fs::read(&object).unwrap();
        let holds = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        for word in [secret, "00000177", "Main"] {
            assert!(!holds(word), "{} holds `{word}`", object.display());
        }
        assert!(!object.to_string_lossy().contains("keyring"));
    }
}

/// A bucket in which somebody else is faster by one object.
struct Late<'o> {
    bucket: Bucket,
    faster: Mutex<Option<&'o Office>>,
}

impl fmt::Debug for Late<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bucket.fmt(f)
    }
}

#[cfg(test)]
impl Remote for Late<'static> {
    fn name(&self) -> &str {
        self.bucket.name()
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.bucket.list(prefix)
    }

    fn get(&self, name: &str, out: &mut dyn io::Write) -> io::Result<()> {
        self.bucket.get(name, out)
    }

    fn put(&self, name: &str, file: &Path) -> io::Result<()> {
        self.bucket.put(name, file)
    }

    fn put_new(&self, name: &str, file: &Path) -> io::Result<bool> {
        if let Some(faster) = self.faster.lock().unwrap().take() {
            assert!(faster.import().is_new);
        }
        self.bucket.put_new(name, file)
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        self.bucket.delete(name)
    }
}

#[test]
fn of_two_who_import_the_same_at_once_the_first_has_it() {
    let server = Server::new();
    let one: &'static Office = Box::leak(Box::new(Office::new(&server)));
    one.import();
    one.store.remove(utah(), &one.ids()[0], "to begin anew", "2017-07-01".parse().unwrap()).unwrap();
    let mut other = Office::with_keys_of(&server, one);
    let late = Late { bucket: server.bucket(), faster: Mutex::new(Some(one)) };
    other.store = Store::open(other.store.path()).with_remote(Arc::new(late));
    assert!(!other.import().is_new);
    assert_eq!((one.births().unwrap(), one.ids()), (other.births().unwrap(), other.ids()));
    for office in [one, &other] {
        office.store.snapshots(utah()).unwrap()[0].verify().unwrap();
    }
    fs::remove_dir_all(one.folder.path()).unwrap();
}

#[test]
fn what_is_removed_is_gone_everywhere_with_a_record() {
    let server = Server::new();
    let one = Office::new(&server);
    one.import();
    let other = Office::with_keys_of(&server, &one);
    other.births().unwrap();
    let (id, copy) = (one.ids()[0].clone(), other.store.snapshots(utah()).unwrap()[0].path().to_owned());
    one.store.remove(utah(), &id, "withdrawn", "2017-07-01".parse().unwrap()).unwrap();
    assert!(other.ids().is_empty() && !copy.exists(), "the copy goes as well");
    assert_eq!(other.store.removed(utah()).unwrap()[0].snapshot, id);
    assert_eq!(server.objects().len(), 1, "only the record is left: {:?}", server.objects());
}

#[test]
fn rotation_changes_the_bucket_over() {
    let server = Server::new();
    let one = Office::new(&server);
    one.import();
    one.store.import_protections(utah(), &one.list(""), "2017-06-30".parse().unwrap(), &mut one.vault()).unwrap();
    let (objects, rows) = (server.objects(), one.births().unwrap());
    let rotation = one.store.rotate_keys(utah(), Unlock::default(), &()).unwrap();
    assert!(rotation.left.is_empty() && rotation.forgotten > 0, "{rotation:?}");
    assert_eq!(server.objects().len(), objects.len(), "the old files are gone");
    assert_eq!(one.births().unwrap(), rows);
    let other = Office::with_keys_of(&server, &one);
    assert_eq!(other.births().unwrap(), rows);
    assert!(other.store.protections(utah(), None, &other.vault()).unwrap().is_some());
}

#[test]
fn an_upload_that_was_cut_off_is_not_seen_and_swept_away() {
    let server = Server::new();
    let one = Office::new(&server);
    let id = one.import().snapshot.manifest().snapshot.clone();
    // As if the process had died before the manifest was put there.
    let at = server.folder.path().join("rolls-of-states/office/rolls/ut").join(&id);
    fs::remove_file(at.join("manifest.json")).unwrap();
    let before = server.objects();
    assert!(one.ids().is_empty());
    assert!(one.import().is_new);
    let after = server.objects();
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(before.iter().filter(|object| after.contains(object)).count(), 0, "what was cut off is gone");
    one.births().unwrap();
}

#[test]
fn a_large_file_goes_up_in_parts_and_names_are_kept() {
    let server = Server::new();
    let bucket = server.bucket();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large");
    let content: Vec<u8> = (0..5_000_000_u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&file, &content).unwrap();
    bucket.put("rolls/ut/one/large", &file).unwrap();
    let mut got = Vec::new();
    bucket.get("rolls/ut/one/large", &mut got).unwrap();
    assert!(got == content);
    fs::write(&file, "small").unwrap();
    assert!(bucket.put_new("rolls/ut/one/small", &file).unwrap());
    assert!(!bucket.put_new("rolls/ut/one/small", &file).unwrap());
    assert_eq!(bucket.list("rolls/ut/").unwrap(), ["rolls/ut/one/large", "rolls/ut/one/small"]);
    assert!(bucket.list("rolls/nc/").unwrap().is_empty());
    bucket.delete("rolls/ut/one/large").unwrap();
    bucket.delete("rolls/ut/one/large").unwrap();
    assert_eq!(bucket.get("rolls/ut/one/large", &mut got).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_kept() {
    let server = Server::new();
    for address in ["", "rolls", "http://rolls", "s3://", "s3:///office", "s3://rolls//office", "s3://rolls/../office"]
    {
        let error = Bucket::with(server.settings("secret"), address).unwrap_err();
        assert!(matches!(error, BucketError::Address { .. }), "{address}");
    }
    let other = Bucket::with(server.settings("another"), "s3://rolls-of-states").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).with_remote(Arc::new(other));
    let error = store.snapshots(utah()).unwrap_err();
    assert_eq!(error.to_string(), "cannot list `s3://rolls-of-states/rolls/ut/`");
    assert!(!format!("{error:?}").contains("another"), "{error:?}");
    // Without the server, an import leaves nothing.
    let office = Office::new(&server);
    drop(server);
    let file = folder.path().join("ut.csv");
    fs::write(&file, include_bytes!("../../../fuzz/seeds/roll_ut/plain.csv")).unwrap();
    let request = ImportRequest::new(&office.layouts, "ut", vec![file], "2017-06-30".parse().unwrap());
    assert!(office.store.import(&request, &mut office.vault(), &()).is_err());
}
