/** Programs that install what a system lacks, and how they are called. */
export const PACKAGE_TOOLS = {
  apt: "apt install",
  dnf: "dnf install",
  apk: "apk add",
  pacman: "pacman -S",
  brew: "brew install",
  winget: "winget install",
} as const;
export type PackageTool = keyof typeof PACKAGE_TOOLS;

/** Name of one thing's package on each system; absent where there is none, or where it is there anyway. */
export type PackageNames = Readonly<Partial<Record<PackageTool, string>>>;

/** In the order apt, dnf, apk, pacman, brew. */
function names(inOrder: string): PackageNames {
  const [apt = "", dnf = "", apk = "", pacman = "", brew = ""] = inOrder.split(" ");
  return { apt, dnf, apk, pacman, brew };
}

interface SystemLibrary {
  /** Headers, as sources include them: a path, or the start of one that ends in `/`. */
  readonly headers: readonly string[];
  /** As linkers name them, without `-l`. */
  readonly libraries: readonly string[];
  readonly packages: PackageNames;
}

const LIBRARIES: readonly SystemLibrary[] = [
  {
    headers: ["libpq-fe.h"],
    libraries: ["pq"],
    packages: names("libpq-dev libpq-devel libpq-dev postgresql-libs libpq"),
  },
  {
    headers: ["mysql.h", "mysql/"],
    libraries: ["mysqlclient", "mariadb"],
    packages: names("default-libmysqlclient-dev mariadb-connector-c-devel mariadb-dev mariadb-libs mysql-client"),
  },
  {
    headers: ["ffi.h"],
    libraries: ["ffi"],
    packages: names("libffi-dev libffi-devel libffi-dev libffi libffi"),
  },
  {
    headers: ["openssl/"],
    libraries: ["ssl", "crypto"],
    packages: names("libssl-dev openssl-devel openssl-dev openssl openssl@3"),
  },
  {
    headers: ["libxml/"],
    libraries: ["xml2"],
    packages: names("libxml2-dev libxml2-devel libxml2-dev libxml2 libxml2"),
  },
  {
    headers: ["libxslt/"],
    libraries: ["xslt", "exslt"],
    packages: names("libxslt1-dev libxslt-devel libxslt-dev libxslt libxslt"),
  },
  { headers: ["zlib.h"], libraries: ["z"], packages: names("zlib1g-dev zlib-devel zlib-dev zlib zlib") },
  {
    headers: ["bzlib.h"],
    libraries: ["bz2"],
    packages: names("libbz2-dev bzip2-devel bzip2-dev bzip2 bzip2"),
  },
  { headers: ["lzma.h"], libraries: ["lzma"], packages: names("liblzma-dev xz-devel xz-dev xz xz") },
  {
    headers: ["jpeglib.h"],
    libraries: ["jpeg"],
    packages: names("libjpeg-dev libjpeg-turbo-devel libjpeg-turbo-dev libjpeg-turbo jpeg-turbo"),
  },
  {
    headers: ["png.h"],
    libraries: ["png"],
    packages: names("libpng-dev libpng-devel libpng-dev libpng libpng"),
  },
  {
    headers: ["ft2build.h", "freetype2/"],
    libraries: ["freetype"],
    packages: names("libfreetype-dev freetype-devel freetype-dev freetype2 freetype"),
  },
  {
    headers: ["sqlite3.h"],
    libraries: ["sqlite3"],
    packages: names("libsqlite3-dev sqlite-devel sqlite-dev sqlite sqlite"),
  },
  {
    headers: ["curl/"],
    libraries: ["curl"],
    packages: names("libcurl4-openssl-dev libcurl-devel curl-dev curl curl"),
  },
  {
    headers: ["lber.h", "ldap.h"],
    libraries: ["ldap", "lber"],
    packages: names("libldap-dev openldap-devel openldap-dev libldap openldap"),
  },
  {
    headers: ["sasl/"],
    libraries: ["sasl2"],
    packages: names("libsasl2-dev cyrus-sasl-devel cyrus-sasl-dev libsasl cyrus-sasl"),
  },
  { headers: ["gmp.h"], libraries: ["gmp"], packages: names("libgmp-dev gmp-devel gmp-dev gmp gmp") },
  {
    headers: ["mpfr.h"],
    libraries: ["mpfr"],
    packages: names("libmpfr-dev mpfr-devel mpfr-dev mpfr mpfr"),
  },
  {
    headers: ["yaml.h"],
    libraries: ["yaml"],
    packages: names("libyaml-dev libyaml-devel yaml-dev libyaml libyaml"),
  },
  {
    headers: ["hdf5.h"],
    libraries: ["hdf5"],
    packages: names("libhdf5-dev hdf5-devel hdf5-dev hdf5 hdf5"),
  },
  {
    headers: ["geos_c.h"],
    libraries: ["geos_c"],
    packages: names("libgeos-dev geos-devel geos-dev geos geos"),
  },
  {
    headers: ["gdal.h"],
    libraries: ["gdal"],
    packages: names("libgdal-dev gdal-devel gdal-dev gdal gdal"),
  },
  {
    headers: ["omp.h"],
    libraries: ["omp", "gomp"],
    packages: names("libomp-dev libomp-devel openmp-dev openmp libomp"),
  },
  {
    headers: ["cblas.h", "lapacke.h"],
    libraries: ["blas", "lapack", "openblas"],
    packages: names("libopenblas-dev openblas-devel openblas-dev openblas openblas"),
  },
  {
    headers: ["portaudio.h"],
    libraries: ["portaudio"],
    packages: names("portaudio19-dev portaudio-devel portaudio-dev portaudio portaudio"),
  },
  {
    headers: ["usb.h", "libusb-1.0/"],
    libraries: ["usb-1.0"],
    packages: names("libusb-1.0-0-dev libusb1-devel libusb-dev libusb libusb"),
  },
  {
    headers: ["librdkafka/"],
    libraries: ["rdkafka"],
    packages: names("librdkafka-dev librdkafka-devel librdkafka-dev librdkafka librdkafka"),
  },
  {
    headers: ["sql.h", "sqlext.h"],
    libraries: ["odbc"],
    packages: names("unixodbc-dev unixODBC-devel unixodbc-dev unixodbc unixodbc"),
  },
];

/** Tools and other things that are no library of their own. */
export const COMPILER: PackageNames = {
  apt: "build-essential",
  dnf: "gcc-c++",
  apk: "build-base",
  pacman: "base-devel",
  winget: "Microsoft.VisualStudio.2022.BuildTools",
};
export const RUST: PackageNames = {
  apt: "cargo",
  dnf: "cargo",
  apk: "cargo",
  pacman: "rust",
  brew: "rust",
  winget: "Rustlang.Rustup",
};
export const CMAKE: PackageNames = { ...names("cmake cmake cmake cmake cmake"), winget: "Kitware.CMake" };
export const PKG_CONFIG: PackageNames = names("pkg-config pkgconf pkgconf pkgconf pkgconf");
export const PYTHON_HEADERS: PackageNames = { apt: "python3-dev", dnf: "python3-devel", apk: "python3-dev" };

/** The packages that bring a header; undefined for one that is not known. */
export const packagesOfHeader = (header: string): PackageNames | undefined =>
  LIBRARIES.find(({ headers }) =>
    headers.some((known) => (known.endsWith("/") ? header.startsWith(known) : header === known)),
  )?.packages;

export const packagesOfLibrary = (library: string): PackageNames | undefined =>
  LIBRARIES.find(({ libraries }) => libraries.includes(library))?.packages;
