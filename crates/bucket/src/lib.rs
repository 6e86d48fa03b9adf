//! Rolls in a bucket of an S3-compatible service, for [`Store::with_remote`](roll::Store::with_remote).
//!
//! **In scope**: an address such as `s3://bucket/office`, and the calls that a store makes, through `object_store`.
//!
//! **Out of scope**: what is put there and in which order (`roll`), and the keys, which never go there. Its own crate, since a
//! client for the network is heavy and few offices need one.

use std::io::{self, Write};
use std::path::Path;

use object_store::aws::{AmazonS3, AmazonS3Builder, S3ConditionalPut};
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload, WriteMultipart, path};
use roll::Remote;
use tokio::io::AsyncReadExt;
use tokio::runtime::{Builder, Runtime};

/// A file larger than this goes up in parts of as many bytes; S3 wants at least 5 MiB.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// A bucket, or what is below a prefix of it.
#[derive(Debug)]
pub struct Bucket {
    address: String,
    /// The prefix, empty or with a slash behind it.
    prefix: String,
    store: AmazonS3,
    runtime: Runtime,
}

/// Why an address cannot be used. No variant holds a secret.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum BucketError {
    /// Not an address of a bucket.
    #[error("`{address}` is not the address of a bucket")]
    #[diagnostic(help("such as `s3://bucket` or `s3://bucket/office`"))]
    Address {
        /// What was given.
        address: String,
    },
    /// The environment does not say how to reach it.
    #[error("the bucket of `{address}` cannot be reached")]
    #[diagnostic(help(
        "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, and AWS_ENDPOINT for another service than Amazon's"
    ))]
    Settings {
        /// The address.
        address: String,
        /// What is missing or wrong.
        source: object_store::Error,
    },
    /// The system gives no runtime for calls.
    #[error("calls over the network cannot be made")]
    Runtime(#[from] io::Error),
}

impl Bucket {
    /// The bucket of an address. How to reach it stands in the environment, by the names that other programs for S3 use:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`. Nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`BucketError`] for an address that is none, and an environment that does not suffice.
    pub fn new(address: &str) -> Result<Self, BucketError> {
        Self::with(AmazonS3Builder::from_env(), address)
    }

    /// The same with settings of the caller's.
    ///
    /// # Errors
    ///
    /// As [`Bucket::new`].
    pub fn with(settings: AmazonS3Builder, address: &str) -> Result<Self, BucketError> {
        let bad = || BucketError::Address { address: address.to_owned() };
        let rest = address.strip_prefix("s3://").ok_or_else(bad)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_plain = |word: &str| !word.is_empty() && word != "." && word != "..";
        if bucket.is_empty() || !prefix.is_empty() && !prefix.split('/').all(is_plain) {
            return Err(bad());
        }
        // Written to only where nothing is: a snapshot or list that somebody else put there is never replaced.
        let settings = settings.with_bucket_name(bucket).with_conditional_put(S3ConditionalPut::ETagMatch);
        let store = settings.build();
        let store = store.map_err(|source| BucketError::Settings { address: address.to_owned(), source })?;
        Ok(Self {
            address: address.trim_end_matches('/').to_owned(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            store,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }

    fn path(&self, name: &str) -> io::Result<path::Path> {
        path::Path::parse(format!("{}{}", self.prefix, name.trim_end_matches('/'))).map_err(io::Error::other)
    }

    async fn put_parts(&self, at: &path::Path, file: &Path) -> io::Result<()> {
        let mut file = tokio::fs::File::open(file).await?;
        let mut upload =
            WriteMultipart::new_with_chunk_size(self.store.put_multipart(at).await.map_err(told)?, PART_BYTES);
        let mut piece = vec![0; PART_BYTES];
        loop {
            match file.read(&mut piece).await {
                Ok(0) => break,
                Ok(read) => {
                    // One part is on its way while the next is read: memory stays at a few parts.
                    upload.wait_for_capacity(1).await.map_err(told)?;
                    upload.write(piece.get(..read).unwrap_or_default());
                }
                Err(error) => {
                    // The parts that are there already are of no use; that they cannot be removed is not the error to tell.
                    let _ = upload.abort().await;
                    return Err(error);
                }
            }
        }
        upload.finish().await.map_err(told)?;
        Ok(())
    }
}

/// An error of the object store as one of the system.
fn told(error: object_store::Error) -> io::Error {
    let kind = match &error {
        object_store::Error::NotFound { .. } => io::ErrorKind::NotFound,
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            io::ErrorKind::PermissionDenied
        }
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl Remote for Bucket {
    fn name(&self) -> &str {
        &self.address
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        use object_store::ObjectMeta;
        let at = self.path(prefix)?;
        let objects: Vec<ObjectMeta> = self.runtime.block_on(async {
            let mut objects = Vec::new();
            let mut listing = self.store.list(Some(&at));
            while let Some(object) = std::future::poll_fn(|context| listing.as_mut().poll_next(context)).await {
                objects.push(object.map_err(told)?);
            }
            io::Result::Ok(objects)
        })?;
        let name = |object: &ObjectMeta| object.location.as_ref().strip_prefix(&self.prefix).map(str::to_owned);
        Ok(objects.iter().filter_map(name).collect())
    }

    fn get(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        let at = self.path(name)?;
        self.runtime.block_on(async {
            let mut pieces = self.store.get(&at).await.map_err(told)?.into_stream();
            while let Some(piece) = std::future::poll_fn(|context| pieces.as_mut().poll_next(context)).await {
                out.write_all(&piece.map_err(told)?)?;
            }
            out.flush()
        })
    }

    fn put(&self, name: &str, file: &Path) -> io::Result<()> {
        let at = self.path(name)?;
        if file.metadata()?.len() > PART_BYTES as u64 {
            return self.runtime.block_on(self.put_parts(&at, file));
        }
        let content = PutPayload::from(std::fs::read(file)?);
        self.runtime.block_on(self.store.put(&at, content)).map_err(told)?;
        Ok(())
    }

    fn put_new(&self, name: &str, file: &Path) -> io::Result<bool> {
        let at = self.path(name)?;
        let content = PutPayload::from(std::fs::read(file)?);
        match self.runtime.block_on(self.store.put_opts(&at, content, PutMode::Create.into())) {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => Ok(false),
            Err(error) => Err(told(error)),
        }
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        let at = self.path(name)?;
        match self.runtime.block_on(self.store.delete(&at)) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(told(error)),
        }
    }
}
